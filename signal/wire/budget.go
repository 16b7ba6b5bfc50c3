package wire

// What one end of a link takes from the other: a rate per second, and so many at once. Each is a token bucket of the member that sends, over all its links and
// paths. An end that gets more drops it unread, sends Overload, and ends the link for good. What the ends here send stays far below.
const (
	ControlRate, ControlBurst       = 20, 300     // PacketControl, both ways
	AckRate, AckBurst               = 100, 2000   // PacketAck and boxes that do not open, both ways
	MalformedRate, MalformedBurst   = 1, 20       // packets that cannot be read, or are not for this end, both ways
	ResyncRate, ResyncBurst         = 0.2, 30     // Resync of the page, from the agent
	AgentRate, AgentBurst           = 32, 1024    // KiB of packets, from the agent
	FrameRate, FrameBurst           = 5000, 30000 // PacketFrame, PacketMore and PacketPacked, from the sender
	DataRate, DataBurst             = 16, 256     // MiB of frames, decompressed, from the sender
	PointerRate, PointerBurst       = 500, 5000   // PacketPointer, from the sender
	LaserRate, LaserBurst           = 120, 1000   // PacketPointer, from the agent
	RejoinRate, RejoinBurst         = 1. / 300, 5 // Rejoin, from the sender: a code that is wrong is a guess of the agent's
	FromRate, FromBurst             = 10, 500     // PacketFrom, from the sender: one or two a page that the customer opens
	OfferRate, OfferBurst           = 2, 120      // peer connections, from the sender: one a page that the customer opens
	ConnectionRate, ConnectionBurst = 0.5, 30     // pages of the console that are met, from the agent
)
