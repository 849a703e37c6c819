import { EventEmitter } from "node:events";
import { isIP, connect as openTcp, type Socket } from "node:net";
import { connect as openTls } from "node:tls";
import postgres from "postgres";

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

/** The driver puts fewer bytes by until the event loop turns. */
const WRITTEN_AT_ONCE_BYTES = 1024;
/** A driver that did not write when it was asked to is asked again. */
const ASK_AGAIN_AFTER_MS = 10;

const code = (letter: string) => letter.charCodeAt(0);
const QUERY = code("Q");
const PARSE = code("P");
const BIND = code("B");
const SYNC = code("S");
const PASSWORD = code("p");
const READY = code("Z");
const ERROR = code("E");
const ROW = code("D");
const COMPLETE = code("C");
const IDLE = code("I");
const TLS_OFFERED = code("S");

/** Each message has a type and a length. */
const HEADER_BYTES = 5;
const CONNECTION_FAILURE = "08006";
const SYNC_MESSAGE = message("S");
const COMPLETE_MESSAGE = message("C", "\0");
const FAILED_TRANSACTION = message("Z", "E");
/** AuthenticationSASL. The driver answers it at any time. */
const ASK_TO_WRITE = message("R", "\0\0\0\x0a");

/**
 * The connection to Postgres that the driver writes to in place of a socket. It keeps promises that the driver
 * (postgres.js 3.4.9) does not:
 *
 * - An answer that does not come in time ends the connection, and with it every statement that waits on it. The driver
 *   then opens another.
 * - Behind a transaction pooler nothing is sent past the end of a transaction before that end is answered. The driver
 *   sends a statement with parameters in two parts, and PgBouncer would give the server away between them: the answer to
 *   the first part is then lost, and the connection is silent for good. Within a transaction statements still go out
 *   together.
 * - A connection that is lost within a transaction stays, in the driver's eyes, until that transaction has ended, and
 *   answers each of its statements with an error. Otherwise the driver writes the transaction's ROLLBACK to no socket, or
 *   to the next connection, where it ends somebody else's transaction (porsager/postgres #1208, #1216).
 * - The driver hears of a lost connection while it writes. At any other moment it may have bytes put by for the next
 *   write, and a connection that closes meanwhile leaves it waiting for that write for good (#1215).
 * - The driver gets an error only together with the end of the answer. It would give an error without that end to the next
 *   statement as well, and it would put holes before the next statement's rows where the error came after some rows.
 *
 * All this is done here and not by a patch of the driver: a patch is lost wherever packages are installed without scripts.
 * Sockets send at once: Nagle's algorithm would hold back for up to 40 ms what is sent while an answer is on its way.
 */
export class Wire extends EventEmitter {
  /** lost: the socket is closed, and the driver has not been told yet. */
  readyState: "opening" | "open" | "lost" | "closed" = "opening";
  /** The driver names these two in its errors. */
  readonly host: string;
  readonly port: number;

  readonly #options: WireOptions;
  #socket: Socket;
  #waiting: Part[] = [];
  #hasBegun = false;
  #isSignedIn = false;
  /** Answers that the server owes, each of which ends with ReadyForQuery. */
  #owed = 0;
  /** The first part of a statement was sent, and its second part was not. */
  #isHalfSent = false;
  /** A statement was answered after its first part, so the driver's second part goes nowhere. */
  #dropsSecondPart = false;
  /** The last answer left a transaction open, and nothing that was sent since ends it. */
  #isInTransaction = false;
  readonly #outgoing = new PartSplitter();
  readonly #incoming = new AnswerReader();
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
    const parts = this.#hasBegun ? this.#outgoing.split(bytes) : [firstPart(bytes)];
    this.#hasBegun = true;
    if (this.#dropsSecondPart && parts[0]?.isWhole) {
      this.#dropsSecondPart = false;
      parts.shift();
    }
    if (this.readyState === "lost") this.#answerLost(parts, bytes.length);
    if (this.readyState === "lost" || this.readyState === "closed") return true;
    this.#waiting.push(...parts);
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
    socket.on("close", () => this.#lost());
  }

  #lost(): void {
    if (this.readyState === "lost" || this.readyState === "closed") return;
    this.readyState = "lost";
    clearTimeout(this.#silence);
    this.#waiting = [];
    if (!this.#isInTransaction) {
      this.#askToWrite();
      return;
    }
    const unanswered = this.#owed + (this.#isHalfSent ? 1 : 0);
    this.#dropsSecondPart ||= this.#isHalfSent;
    for (let n = 0; n < unanswered; n += 1) this.#answerWithError();
  }

  /** Has the driver write, and with it what it has put by. */
  #askToWrite(): void {
    // The driver takes its listener away when it closes a connection itself, and then has nothing put by.
    const [tell] = this.listeners("data");
    if (!tell) this.#hangUp();
    const ask = () => {
      if (this.readyState === "closed") return;
      tell?.(ASK_TO_WRITE);
      setTimeout(ask, ASK_AGAIN_AFTER_MS);
    };
    ask();
  }

  /** Answers what the driver writes after the connection was lost. Only what ends the transaction lets the driver go. */
  #answerLost(parts: Part[], byteLength: number): void {
    if (!this.#isInTransaction) {
      // A long statement is written while it is handed over, and then the driver takes the connection for an open one.
      if (byteLength < WRITTEN_AT_ONCE_BYTES || parts.at(-1)?.isUnanswered) this.#hangUp();
      return;
    }
    // The driver is still writing, so it is answered right after that.
    if (parts.some(({ endsTransaction }) => endsTransaction)) {
      this.#isInTransaction = false;
      process.nextTick(() => this.#askToWrite());
      return;
    }
    for (const { isWhole, isUnanswered } of parts) {
      if (isUnanswered) continue;
      this.#dropsSecondPart = !isWhole;
      process.nextTick(() => this.#answerWithError());
    }
  }

  #answerWithError(): void {
    this.#endRows();
    this.emit("data", Buffer.concat([errorMessage(this.#failure()), FAILED_TRANSACTION]));
  }

  /**
   * The driver hears of an error and of the end at once: what it sent between the two would never be answered. It takes an
   * end "without error" to reject whatever is still open.
   */
  #hangUp(): void {
    if (this.readyState === "closed") return;
    this.readyState = "closed";
    this.#endRows();
    const error = this.#failure();
    // It goes to all that wait, so the driver must not write the text of one of them on it.
    Object.defineProperty(error, "query", { value: undefined });
    if (this.listenerCount("error") > 0) this.emit("error", error);
    this.emit("close", false);
  }

  /** The driver counts the rows of an answer, and begins anew only where an answer is complete. */
  #endRows(): void {
    if (this.#incoming.takeOpenRows()) this.emit("data", COMPLETE_MESSAGE);
  }

  #failure(): Error {
    const told = this.#incoming.heldError();
    // Another error belongs to the statement that was being answered.
    if (told && (!this.#isSignedIn || told.severity !== "ERROR")) {
      return Object.assign(new postgres.PostgresError(told.message), told);
    }
    if (!this.#error) return coded("CONNECTION_CLOSED", `The connection to the database at ${this.host} was closed.`);
    const { message, ...fields } = this.#error;
    return Object.assign(new Error(message, { cause: this.#error }), fields);
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
    this.#socket.on("data", (bytes) => this.#receive(bytes));
    this.#send();
  }

  #receive(bytes: Buffer): void {
    this.#silence?.refresh();
    const { answers, statuses } = this.#incoming.push(bytes);
    for (const status of statuses) this.#received(status);
    // The driver may answer at once, so what was held back goes first.
    this.#send();
    for (const answer of answers) this.emit("data", answer);
    const error = this.#incoming.heldError();
    // A server that lets nobody in says so and hangs up.
    if (error && !this.#isSignedIn) this.destroy();
    else if (error && this.#isHalfSent) this.#finishHalfSent();
  }

  /** The end of the answer comes once the statement is whole. The driver would send the rest only after the error. */
  #finishHalfSent(): void {
    this.#isHalfSent = false;
    this.#dropsSecondPart = true;
    this.#owed += 1;
    this.#socket.write(SYNC_MESSAGE);
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

  #received(status: number): void {
    this.#isSignedIn = true;
    this.#owed -= 1;
    // An answer from before the end of the transaction still says that it is open.
    if (this.#owed === 0 || this.#isInTransaction) this.#isInTransaction = status !== IDLE;
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
class PartSplitter {
  /** Names of prepared statements that end a transaction. */
  readonly #ends = new Set<string>();

  split(bytes: Buffer): Part[] {
    const parts: Part[] = [];
    let start = 0;
    let endsTransaction = false;
    for (let at = 0; at < bytes.length; ) {
      const type = bytes[at];
      const end = at + 1 + bytes.readUInt32BE(at + 1);
      endsTransaction ||= this.#isEndOfTransaction(bytes.subarray(at + 5, end), type);
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

  #isEndOfTransaction(body: Buffer, type: number | undefined): boolean {
    if (type === QUERY) return isEndOfTransaction(body, 0);
    if (type === PARSE) {
      const name = textAt(body, 0);
      const isEnd = isEndOfTransaction(body, name.length + 1);
      if (isEnd && name !== "") this.#ends.add(name);
      return isEnd;
    }
    // A portal's name stands before that of the statement.
    return type === BIND && this.#ends.size > 0 && this.#ends.has(textAt(body, body.indexOf(0) + 1));
  }
}

function isEndOfTransaction(body: Buffer, from: number): boolean {
  // "rollback to" a savepoint ends none.
  return /^\s*(commit|rollback(?!\s+to)|end|abort|prepare\s+transaction)\b/i.test(
    body.toString("latin1", from, from + 40),
  );
}

const textAt = (body: Buffer, from: number) => body.toString("latin1", from, body.indexOf(0, from));

/** Cuts what the server sends into whole messages, and holds back an error until ReadyForQuery ends its answer. */
class AnswerReader {
  #chunks: Buffer[] = [];
  #length = 0;
  /** Fewer bytes hold no further message. */
  #wanted = HEADER_BYTES;
  #heldError: Buffer | undefined;
  #hasOpenRows = false;

  /** Returns what the driver may have, and the status of the transaction that each ReadyForQuery in it tells. */
  push(chunk: Buffer): { answers: Buffer[]; statuses: number[] } {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const answers: Buffer[] = [];
    const statuses: number[] = [];
    if (this.#length < this.#wanted) return { answers, statuses };
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#length);
    this.#heldError = undefined;
    let from = 0;
    let heldFrom = -1;
    let at = 0;
    let end = lengthAt(bytes, at);
    for (; end <= bytes.length; at = end, end = at + lengthAt(bytes, at)) {
      const type = bytes[at];
      if (type === ROW) this.#hasOpenRows = true;
      else if (type === COMPLETE) this.#hasOpenRows = false;
      else if (type === ERROR && heldFrom < 0) {
        heldFrom = at;
        this.#heldError = bytes.subarray(at, end);
      } else if (type === READY) {
        statuses.push(bytes[at + HEADER_BYTES] ?? IDLE);
        if (heldFrom < 0) continue;
        answers.push(bytes.subarray(from, heldFrom));
        if (this.takeOpenRows()) answers.push(COMPLETE_MESSAGE);
        from = heldFrom;
        heldFrom = -1;
        this.#heldError = undefined;
      }
    }
    const cut = heldFrom < 0 ? at : heldFrom;
    answers.push(bytes.subarray(from, cut));
    this.#chunks = [bytes.subarray(cut)];
    this.#length = bytes.length - cut;
    this.#wanted = end - cut;
    return { answers: answers.filter(({ length }) => length > 0), statuses };
  }

  /** True once after rows whose end has not come. */
  takeOpenRows(): boolean {
    const had = this.#hasOpenRows;
    this.#hasOpenRows = false;
    return had;
  }

  heldError(): ReportedError | undefined {
    return this.#heldError && readError(this.#heldError);
  }
}

/** Returns the length of the message that begins there, or of a header if the header is incomplete. */
function lengthAt(bytes: Buffer, at: number): number {
  return bytes.length - at < HEADER_BYTES ? HEADER_BYTES : 1 + bytes.readUInt32BE(at + 1);
}

interface ReportedError {
  message: string;
  severity: string;
  code: string;
}

function readError(bytes: Buffer): ReportedError {
  const fields = new Map<string, string>();
  for (const text of bytes.toString("utf8", HEADER_BYTES).split("\0")) fields.set(text.slice(0, 1), text.slice(1));
  return {
    message: fields.get("M") ?? "",
    severity: fields.get("V") ?? fields.get("S") ?? "",
    code: fields.get("C") ?? CONNECTION_FAILURE,
  };
}

function errorMessage({ message: text, code: errorCode }: Error & { code?: string }): Buffer {
  const fields = { S: "FATAL", V: "FATAL", C: errorCode ?? CONNECTION_FAILURE, M: text };
  return message(
    "E",
    `${Object.entries(fields)
      .map(([letter, value]) => `${letter}${value}\0`)
      .join("")}\0`,
  );
}

function message(type: string, body = ""): Buffer {
  const header = Buffer.alloc(HEADER_BYTES, type);
  header.writeUInt32BE(4 + Buffer.byteLength(body), 1);
  return Buffer.concat([header, Buffer.from(body)]);
}

function coded(errorCode: string, message: string): Error {
  return Object.assign(new Error(message), { code: errorCode });
}
