import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../../signal/wire/wire.gen.js";
import { Signaller, type Socket } from "./signaller.js";

/** A server that says what the test wants. */
class Server {
  readonly sockets: FakeSocket[] = [];
  readonly told: string[] = [];
  readonly signaller = new Signaller(
    () => {
      const socket = new FakeSocket();
      this.sockets.push(socket);
      return socket as unknown as Socket;
    },
    {
      joined: ({ type, session }) => this.told.push(`${type} ${session}`),
      refused: (error) => this.told.push(`refused ${error?.code ?? "unreachable"}`),
      gone: () => this.told.push("gone"),
      connected: (yes) => this.told.push(yes ? "connected" : "disconnected"),
      closed: (code) => this.told.push(`closed ${code}`),
      message: ({ type }) => this.told.push(type),
      relayed: (data) => this.told.push(`relayed ${data.length}`),
    },
    () => 1,
  );

  get socket(): FakeSocket {
    return this.sockets.at(-1)!;
  }

  /** Accepts the connection that is being opened, up to Welcome. */
  welcome(): void {
    this.socket.opens();
    this.say({ type: "welcome", version: 1 });
  }

  say(message: Message): void {
    this.socket.onmessage?.({ data: JSON.stringify(message) });
  }

  /** A session that has been joined. */
  static joined(): Server {
    const server = new Server();
    server.signaller.join("123456789", "Ana", "k");
    server.welcome();
    server.say({ type: "joined", session: "s", member: "a", token: "t1", epoch: 1, members: [] });
    server.told.length = 0;
    return server;
  }
}

class FakeSocket {
  readonly sent: (Message | Uint8Array)[] = [];
  binaryType = "blob";
  readonly OPEN = 1;
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string | ArrayBuffer }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  opens(): void {
    this.readyState = this.OPEN;
    this.onopen?.();
  }

  send(data: string | Uint8Array): void {
    assert.equal(this.readyState, this.OPEN, "browsers refuse, or complain of, what is sent on a connection that is not open");
    this.sent.push(typeof data === "string" ? (JSON.parse(data) as Message) : data);
  }

  close(): void {
    this.sent.push({ type: "leave" });
  }

  get last(): Message | Uint8Array | undefined {
    return this.sent.at(-1);
  }
}

test("joining says hello, then asks, then keeps the place", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const server = new Server();
  server.signaller.join("123456789", "Ana", "k");
  server.welcome();
  assert.deepEqual(server.socket.sent, [
    { type: "hello", versions: [1], role: "agent", client: "console" }, { type: "join", code: "123456789", name: "Ana", key: "k" },
  ]);
  server.say({ type: "joined", session: "s", member: "a", token: "t1", epoch: 1, members: [] });
  assert.deepEqual(server.told, ["connected", "joined s"]);
  server.say({ type: "ping" });
  assert.deepEqual(server.socket.last, { type: "pong" });
});

test("a wrong code is told, and the next try goes over the same connection", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const server = new Server();
  server.signaller.join("1", "", "");
  server.welcome();
  server.say({ type: "error", code: "unknown-code", message: "no" });
  assert.deepEqual(server.told, ["refused unknown-code"]);
  server.signaller.join("2", "", "");
  assert.equal(server.sockets.length, 1);
  assert.deepEqual(server.socket.last, { type: "join", code: "2" });
});

test("a server that cannot be reached for the first join is told at once", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const server = new Server();
  server.signaller.join("1", "", "");
  server.socket.onclose?.({ code: 1006 });
  assert.deepEqual(server.told, ["refused unreachable"]);
  t.mock.timers.tick(60_000);
  assert.equal(server.sockets.length, 1);
});

test("a lost connection comes back with growing waits, and takes up the place again", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const server = Server.joined();
  for (const wait of [250, 500, 1000]) {
    const before = server.sockets.length;
    server.socket.onclose?.({ code: 1006 });
    t.mock.timers.tick(wait - 1);
    assert.equal(server.sockets.length, before);
    t.mock.timers.tick(1);
    assert.equal(server.sockets.length, before + 1);
  }
  server.welcome();
  assert.deepEqual(server.socket.last, { type: "resume", token: "t1", key: "k" });
  server.say({ type: "resumed", session: "s", member: "a", token: "t2", epoch: 2, members: [] });
  assert.deepEqual(server.told, ["disconnected", "connected", "resumed s"]);
  server.socket.onclose?.({ code: 1006 });
  t.mock.timers.tick(250);
  server.welcome();
  assert.deepEqual(server.socket.last, { type: "resume", token: "t2", key: "k" });
});

test("it connects at once when the network is back", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const server = Server.joined();
  server.signaller.probe();
  assert.equal(server.sockets.length, 1, "a connection that is there stays");
  server.socket.onclose?.({ code: 1006 });
  server.signaller.probe();
  assert.equal(server.sockets.length, 2);
  t.mock.timers.tick(10_000);
  assert.equal(server.sockets.length, 2);
});

test("what it wants is said with hello, without waiting for welcome", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const server = Server.joined();
  server.socket.onclose?.({ code: 1006 });
  t.mock.timers.tick(250);
  server.socket.opens();
  assert.deepEqual(server.socket.sent.map((message) => "type" in message && message.type), ["hello", "resume"]);
});

test("a connection that does not open is given up, and tried again", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const server = Server.joined();
  server.socket.onclose?.({ code: 1006 });
  t.mock.timers.tick(250);
  t.mock.timers.tick(3_999);
  assert.equal(server.sockets.length, 2);
  t.mock.timers.tick(1);
  assert.deepEqual(server.socket.last, { type: "leave" });
  t.mock.timers.tick(500);
  assert.equal(server.sockets.length, 3);
});

test("a connection that is probed and silent is given up within seconds", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const server = Server.joined();
  server.signaller.probe();
  server.signaller.probe();
  assert.deepEqual(server.socket.sent.slice(2), [{ type: "ping" }]);
  t.mock.timers.tick(3_999);
  server.say({ type: "pong" });
  t.mock.timers.tick(10_000);
  assert.deepEqual([server.sockets.length, server.told], [1, []]);
  server.signaller.probe();
  t.mock.timers.tick(4_000);
  assert.deepEqual(server.told, ["disconnected"]);
  t.mock.timers.tick(250);
  assert.equal(server.sockets.length, 2);
});

test("a silent connection is probed while it carries the link", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const server = Server.joined();
  server.signaller.carries(true);
  for (let i = 0; i < 10; i++) {
    t.mock.timers.tick(1_999);
    server.say({ type: "pong" });
  }
  assert.equal(server.socket.sent.length, 2, "what comes shows that it is alive");
  t.mock.timers.tick(2_000);
  assert.deepEqual(server.socket.last, { type: "ping" });
  server.say({ type: "pong" });
  server.signaller.carries(false);
  t.mock.timers.tick(10_000);
  assert.equal(server.socket.sent.length, 3);
  server.signaller.carries(true);
  t.mock.timers.tick(2_000);
  t.mock.timers.tick(4_000);
  assert.deepEqual(server.told, ["disconnected"]);
});

test("binary messages are packets, and go out only from a place", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const server = Server.joined();
  assert.equal(server.socket.binaryType, "arraybuffer");
  server.socket.onmessage?.({ data: new ArrayBuffer(3) });
  assert.deepEqual(server.told, ["relayed 3"]);
  const packet = new Uint8Array([1]);
  server.signaller.relay(packet);
  assert.equal(server.socket.last, packet);
  server.socket.onclose?.({ code: 1006 });
  t.mock.timers.tick(250);
  server.welcome();
  server.signaller.relay(packet);
  assert.notEqual(server.socket.last, packet);
});

test("a connection that is closing takes nothing", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const server = Server.joined();
  assert.equal(server.signaller.send({ type: "pong" }), true);
  server.socket.readyState = 2;
  assert.equal(server.signaller.send({ type: "pong" }), false);
  server.signaller.relay(new Uint8Array(1));
});

test("close codes from 4400 on are final", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  for (const [code, told] of [[4400, "closed 4400"], [4409, "closed 4409"], [4501, "closed 4501"]] as const) {
    const server = Server.joined();
    server.socket.onclose?.({ code });
    t.mock.timers.tick(60_000);
    assert.equal(server.sockets.length, 1);
    assert.equal(server.told.at(-1), told);
  }
  const server = Server.joined();
  server.socket.onclose?.({ code: 4000 });
  t.mock.timers.tick(60_000);
  assert.equal(server.sockets.length, 2);
});

test("a draining server is left when it says so", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const server = Server.joined();
  server.say({ type: "draining", retryAfter: 3000 });
  server.socket.onclose?.({ code: 1001 });
  t.mock.timers.tick(2999);
  assert.equal(server.sockets.length, 1);
  t.mock.timers.tick(1);
  assert.equal(server.sockets.length, 2);
});

test("a connection on which nothing comes is given up", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const server = Server.joined();
  t.mock.timers.tick(49_000);
  server.say({ type: "ping" });
  t.mock.timers.tick(49_000);
  assert.equal(server.sockets.length, 1);
  t.mock.timers.tick(1_000);
  t.mock.timers.tick(250);
  assert.equal(server.sockets.length, 2);
});

test("a server that forgot the session is joined again with the code the sender hands over, whichever comes first", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const gone: Message = { type: "error", code: "gone", message: "" };
  const orders: [string, (server: Server) => void][] = [
    ["the refusal", (server) => {
      server.welcome();
      server.say(gone);
      assert.equal(server.told.at(-1), "gone");
      server.signaller.rejoin("987654321");
    }],
    ["the code, while connecting", (server) => {
      server.signaller.rejoin("987654321");
      server.welcome();
    }],
    ["the code, while the refusal is on its way", (server) => {
      server.welcome();
      server.signaller.rejoin("987654321");
      server.say(gone);
    }],
  ];
  for (const [name, order] of orders) {
    const server = Server.joined();
    server.socket.onclose?.({ code: 1006 });
    t.mock.timers.tick(250);
    order(server);
    assert.deepEqual(server.socket.last, { type: "join", code: "987654321", name: "Ana", key: "k" }, name);
    server.say({ type: "joined", session: "s2", member: "b", token: "t9", epoch: 1, members: [] });
    assert.equal(server.told.at(-1), "joined s2", name);
  }
});

test("a busy server is asked again", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const server = Server.joined();
  server.socket.onclose?.({ code: 1006 });
  t.mock.timers.tick(250);
  server.welcome();
  server.say({ type: "error", code: "unavailable", message: "", retryAfter: 2000 });
  const before = server.socket.sent.length;
  t.mock.timers.tick(2000);
  assert.equal(server.socket.sent.length, before + 1);
  assert.deepEqual(server.socket.last, { type: "resume", token: "t1", key: "k" });
});

test("what breaks the protocol is as what did not come", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const server = Server.joined();
  for (const data of ["", "{", "{\"type\":\"joined\"}", "{\"type\":\"new\"}"]) server.socket.onmessage?.({ data });
  assert.deepEqual(server.told, []);
});
