package signal

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"
)

// Replicas that share a Broker say on one topic who they are, so that others can open trunks to them, and so that two of which one is set up
// differently are found by a line in the log instead of by customers.
const (
	beaconTopic    = "replicas"
	beaconInterval = 5 * time.Second
	beaconLife     = 4 * beaconInterval
	mostReplicas   = 1000 // that are remembered
)

// beacon is what a replica says of itself.
type beacon struct {
	Replica  string            `json:"replica"`
	URL      string            `json:"url,omitempty"`      // for trunks
	Settings map[string]string `json:"settings,omitempty"` // that have to be the same, as hashes, by their path in Config
	Ask      bool              `json:"ask,omitempty"`      // it has just started: who is there?
}

// replicas are the others that are there.
type replicas struct {
	mu     sync.Mutex
	known  map[string]known
	warned map[string]bool // paths of settings that differ
	news   chan struct{}   // closed at the next beacon; nil while nobody waits
}

type known struct {
	url   string
	heard time.Time
}

// beaconWait is how long a replica that has just started may take to be heard of.
const beaconWait = time.Second

// url is how a replica is reached, "" when it cannot be, or nothing is known of it.
func (r *replicas) url(ctx context.Context, replica string) string {
	ctx, cancel := context.WithTimeout(ctx, beaconWait)
	defer cancel()
	for {
		r.mu.Lock()
		k, ok := r.known[replica]
		if r.news == nil {
			r.news = make(chan struct{})
		}
		news := r.news
		r.mu.Unlock()
		if ok && time.Since(k.heard) < beaconLife {
			return k.url
		}
		select {
		case <-news:
		case <-ctx.Done():
			return ""
		}
	}
}

// hear notes a beacon, and returns which settings of it differ from own ones, of which nothing has been said yet.
func (r *replicas) hear(b beacon, own map[string]string) (differ []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	maps.DeleteFunc(r.known, func(_ string, k known) bool { return now.Sub(k.heard) >= beaconLife })
	if r.known == nil {
		r.known, r.warned = map[string]known{}, map[string]bool{}
	}
	if _, again := r.known[b.Replica]; again || len(r.known) < mostReplicas {
		r.known[b.Replica] = known{b.URL, now}
	}
	if r.news != nil {
		close(r.news)
		r.news = nil
	}
	for path, hash := range own {
		if theirs, said := b.Settings[path]; said && theirs != hash && !r.warned[path] {
			r.warned[path] = true
			differ = append(differ, path)
		}
	}
	slices.Sort(differ)
	return differ
}

// sharedSettings are those that have to be the same in all replicas, each as a hash that only who has the setting can make: a key is none to be guessed.
func (c Config) sharedSettings() map[string]string {
	hash := func(name string, value []byte) string {
		mac := hmac.New(sha256.New, value)
		mac.Write([]byte("qwelp setting " + name))
		return hex.EncodeToString(mac.Sum(nil)[:8])
	}
	settings := map[string]string{}
	for name, value := range map[string][]byte{
		"metaDataKey": c.MetaDataKey, "identitySecret": c.IdentitySecret, "relay": []byte(c.Relay),
		"codeLifetime": []byte(c.CodeLifetime.String()), "resumeWindow": []byte(c.ResumeWindow.String()),
	} {
		settings["signal."+name] = hash(name, value)
	}
	return settings
}

// announceReplica subscribes to what other replicas say of themselves, and says who this one is, until the server ends. What fails is tried again.
func (s *Server) announceReplica() {
	if s.alone {
		return
	}
	defer func() { s.panicked("beacon", recover()) }()
	var stop func()
	defer func() {
		if stop != nil {
			stop()
		}
	}()
	ticker := time.NewTicker(beaconInterval)
	defer ticker.Stop()
	for ask := true; ; {
		ctx, cancel := s.patience()
		var err error
		if stop == nil {
			stop, err = s.store.broker.Subscribe(ctx, beaconTopic, s.hearBeacon, func() {})
		}
		if err == nil {
			err = s.sendBeacon(ctx, ask)
		}
		cancel()
		ask = ask && err != nil
		if err != nil && s.ctx.Err() == nil {
			s.log.Debug("signal: broker failed", "while", "beacon", "err", err) // the keeper says it aloud
		}
		select {
		case <-s.ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (s *Server) sendBeacon(ctx context.Context, ask bool) error {
	msg, err := json.Marshal(beacon{Replica: s.replica, URL: s.trunks.url, Settings: s.settings, Ask: ask})
	if err != nil {
		return err
	}
	return s.store.broker.Publish(ctx, beaconTopic, msg)
}

// hearBeacon takes a beacon from the broker.
func (s *Server) hearBeacon(msg []byte) {
	defer func() { s.panicked("beacon", recover()) }()
	var b beacon
	if json.Unmarshal(msg, &b) != nil || b.Replica == "" || b.Replica == s.replica {
		return
	}
	for _, path := range s.replicas.hear(b, s.settings) {
		s.log.Warn("signal: replicas have different settings: set it to the same in all of them", "setting", path, "other", b.Replica)
	}
	if b.Ask {
		ctx, cancel := s.patience()
		defer cancel()
		_ = s.sendBeacon(ctx, false) // or in five seconds
	}
}
