import { EventEmitter } from "node:events";
import { isIP, connect as openTcp, type Socket } from "node:net";
import { connect as openTls } from "node:tls";

/** How a connection is encrypted, and how much of the server's certificate is checked. */
export interface TlsChoice {
  /** preferred: without encryption where the server offers none. direct: without asking the server first. */
  when: "never" | "preferred" | "required" | "direct";
  /** none: any certificate · chain: one that a known authority has signed · name: one for this host besides. */
  verifies: "none" | "chain" | "name";
  /** Certificates in PEM. Without `ca` the system's authorities are known. */
  ca?: string;
  cert?: string;
  key?: string;
}

export interface WireOptions {
  tls: TlsChoice;
  /** A transaction pooler may take the server away whenever a transaction ends. */
  isPooled: boolean;
  /** A connection on which nothing comes for so long, though an answer is due, is destroyed. Undefined: never. */
  answerWithinMs: number | undefined;
}

const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
/** A server that was told goodbye and does not hang up is left. */
const GOODBYE_WITHIN_MS = 2_000;

const code = (letter: string) => letter.charCodeAt(0);
const QUERY = code("Q");
const PARSE = code("P");
const SYNC = code("S");
const PASSWORD = code("p");
const READY = code("Z");
const IDLE = code("I");
const TLS_OFFERED = code("S");

/**
 * The connection to Postgres that the driver writes to in place of a socket. It keeps two promises that the driver does not:
 *
 * - An answer that does not come in time ends the connection, and with it every statement that waits on it. The driver
 *   then opens another.
 * - Behind a transaction pooler nothing is sent past the end of a transaction before that end is answered. The driver
 *   sends a statement with parameters in two parts, and PgBouncer would give the server away between them: the answer to
 *   the first part is then lost, and the connection is silent for good. Within a transaction statements still go out
 *   together.
 *
 * Sockets send at once: Nagle's algorithm would hold back for up to 40 ms what is sent while an answer is on its way.
 */
export class Wire extends EventEmitter {
  readyState: "opening" | "open" | "closed" = "opening";
  /** The driver names these two in its errors. */
  readonly host: string;
  readonly port: number;

  readonly #options: WireOptions;
  #socket: Socket;
  #waiting: Part[] = [];
  #hasBegun = false;
  /** Answers that the server owes, each of which ends with ReadyForQuery. */
  #owed = 0;
  /** The first part of a statement was sent, and its second part was not. */
  #isHalfSent = false;
  /** The last answer left a transaction open, and nothing that was sent since ends it. */
  #isInTransaction = false;
  readonly #incoming = new MessageReader((type, firstByte) => this.#received(type, firstByte));
  readonly #silence: NodeJS.Timeout | undefined;
  #error: Error | undefined;

  constructor(at: { path: string } | { host: string; port: number }, options: WireOptions) {
    super();
    this.#options = options;
    this.host = "path" in at ? at.path : at.host;
    this.port = "path" in at ? 0 : at.port;
    const { answerWithinMs } = options;
    if (answerWithinMs !== undefined) {
      this.#silence = setTimeout(() => this.#onSilence(answerWithinMs), answerWithinMs).unref();
    }
    this.#socket = openTcp({ ...at, noDelay: true });
    this.#watch(this.#socket);
    this.#socket.once("connect", () => this.#secure());
  }

  /** Takes whole messages, as the driver writes them. */
  write(bytes: Buffer): boolean {
    if (this.readyState === "closed") return true;
    this.#waiting.push(...(this.#hasBegun ? splitMessages(bytes) : [firstPart(bytes)]));
    this.#hasBegun = true;
    return this.#send();
  }

  /** Sends the last bytes and hangs up. */
  end(bytes: Buffer): void {
    this.#socket.end(bytes);
    setTimeout(() => this.destroy(), GOODBYE_WITHIN_MS).unref();
  }

  destroy(error?: Error): void {
    this.#error ??= error;
    this.#socket.destroy();
  }

  setKeepAlive(isOn: boolean, afterMs: number): void {
    this.#socket.setKeepAlive(isOn, afterMs);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  #watch(socket: Socket): void {
    socket.on("error", (error) => {
      this.#error ??= error;
    });
    socket.on("drain", () => this.emit("drain"));
    socket.on("close", () => this.#closed());
  }

  /**
   * The driver hears of an error and of the end at once: what it sent between the two would never be answered. It takes an
   * end "without error" to reject whatever is still open. It hears of them after its own writes of this turn: one that is
   * put off when the end is told stays in its buffer, and keeps its next connection from ever beginning.
   */
  #closed(): void {
    if (this.readyState === "closed") return;
    this.readyState = "closed";
    clearTimeout(this.#silence);
    this.#waiting = [];
    setImmediate(() => {
      if (this.#error && this.listenerCount("error") > 0) this.emit("error", this.#error);
      this.emit("close", false);
    });
  }

  #secure(): void {
    const { when } = this.#options.tls;
    if (when === "never") this.#opened();
    else if (when === "direct") this.#encrypt();
    else this.#askForTls(when === "preferred");
  }

  #askForTls(isOptional: boolean): void {
    this.#socket.write(SSL_REQUEST);
    this.#socket.once("data", (answer) => {
      // More than the one byte, before anything is encrypted, would come from somebody between us and the server.
      if (answer.length === 1 && answer[0] === TLS_OFFERED) this.#encrypt();
      else if (answer.length === 1 && isOptional) this.#opened();
      else
        this.destroy(coded("NO_TLS", `The database server at ${this.host} offers no TLS, which its address asks for.`));
    });
  }

  #encrypt(): void {
    const { when, verifies, ca, cert, key } = this.#options.tls;
    const plain = this.#socket;
    plain.removeAllListeners();
    const socket = openTls({
      socket: plain,
      ...(isIP(this.host) ? {} : { servername: this.host }),
      ...(when === "direct" ? { ALPNProtocols: ["postgresql"] } : {}),
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      rejectUnauthorized: verifies !== "none",
      ...(verifies === "name" ? { host: this.host } : { checkServerIdentity: () => undefined }),
    });
    this.#socket = socket;
    this.#watch(socket);
    socket.once("secureConnect", () => this.#opened());
  }

  #opened(): void {
    this.readyState = "open";
    this.#socket.on("data", (bytes) => {
      this.#incoming.push(bytes);
      this.#silence?.refresh();
      // The driver may answer at once, so what was held back goes first.
      this.#send();
      this.emit("data", bytes);
    });
    this.#send();
  }

  #send(): boolean {
    if (this.readyState !== "open") return true;
    let hasRoom = true;
    for (let part = this.#waiting[0]; part && this.#mayGo(part); part = this.#waiting[0]) {
      this.#waiting.shift();
      if (this.#owed === 0 && !this.#isHalfSent) this.#silence?.refresh();
      if (part.isWhole) this.#owed += 1;
      this.#isHalfSent = !part.isWhole && !part.isUnanswered;
      if (part.endsTransaction) this.#isInTransaction = false;
      hasRoom = this.#socket.write(part.bytes);
    }
    return hasRoom;
  }

  #mayGo(part: Part): boolean {
    if (!this.#options.isPooled || part.isUnanswered || this.#isHalfSent) return true;
    return this.#owed === 0 || this.#isInTransaction;
  }

  #received(type: number, firstByte: number): void {
    if (type !== READY) return;
    this.#owed -= 1;
    // An answer from before the end of the transaction still says that it is open.
    if (this.#owed === 0 || this.#isInTransaction) this.#isInTransaction = firstByte !== IDLE;
  }

  #onSilence(afterMs: number): void {
    if (this.#owed === 0 && !this.#isHalfSent) return;
    const seconds = Math.round(afterMs / 1000);
    this.destroy(coded("DATABASE_SILENT", `The database did not answer within ${seconds} seconds.`));
  }
}

/** Messages that go to the server together. */
interface Part {
  bytes: Buffer;
  /** The server answers it with ReadyForQuery. */
  isWhole: boolean;
  /** It belongs to signing in. */
  isUnanswered: boolean;
  endsTransaction: boolean;
}

/** The message that begins a connection, which has no type. The answer to it ends with ReadyForQuery too. */
function firstPart(bytes: Buffer): Part {
  return { bytes, isWhole: true, isUnanswered: false, endsTransaction: false };
}

/** Cuts what the driver writes after each message that has the server answer with ReadyForQuery. */
function splitMessages(bytes: Buffer): Part[] {
  const parts: Part[] = [];
  let start = 0;
  let endsTransaction = false;
  for (let at = 0; at < bytes.length; ) {
    const type = bytes[at];
    const end = at + 1 + bytes.readUInt32BE(at + 1);
    if (type === QUERY || type === PARSE) endsTransaction ||= isEndOfTransaction(bytes.subarray(at + 5, end), type);
    if (type === QUERY || type === SYNC || type === PASSWORD || end >= bytes.length) {
      const isWhole = type === QUERY || type === SYNC;
      parts.push({ bytes: bytes.subarray(start, end), isWhole, isUnanswered: type === PASSWORD, endsTransaction });
      start = end;
      endsTransaction = false;
    }
    at = end;
  }
  return parts;
}

function isEndOfTransaction(body: Buffer, type: number): boolean {
  const from = type === PARSE ? body.indexOf(0) + 1 : 0;
  // "rollback to" a savepoint ends none.
  return /^\s*(commit|rollback(?!\s+to)|end|abort|prepare\s+transaction)\b/i.test(
    body.toString("latin1", from, from + 40),
  );
}

/** Tells the type and the first byte of each message that the server sends, however its bytes are cut. */
class MessageReader {
  #rest: Buffer | undefined;
  #toSkip = 0;

  constructor(private readonly told: (type: number, firstByte: number) => void) {}

  push(chunk: Buffer): void {
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    this.#rest = undefined;
    let at = Math.min(this.#toSkip, bytes.length);
    this.#toSkip -= at;
    while (at < bytes.length) {
      const type = bytes[at] ?? 0;
      // The one byte of ReadyForQuery's body is wanted; other messages may have none.
      if (bytes.length - at < (type === READY ? 6 : 5)) {
        this.#rest = bytes.subarray(at);
        return;
      }
      const end = at + 1 + bytes.readUInt32BE(at + 1);
      this.told(type, bytes[at + 5] ?? 0);
      this.#toSkip = Math.max(0, end - bytes.length);
      at = end;
    }
  }
}

function coded(errorCode: string, message: string): Error {
  return Object.assign(new Error(message), { code: errorCode });
}
