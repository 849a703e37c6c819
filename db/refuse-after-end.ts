import type postgres from "postgres";

type Scope = postgres.TransactionSql;
type Run = (sql: Scope) => unknown;
/** Both take options or a name before the function. */
type Begin = (...given: [Run] | [string, Run]) => Promise<unknown>;

/** The part of the driver's statement that hands it to a connection. */
interface Statement {
  handler(statement: Statement): void;
  reject(error: Error): void;
}

/**
 * Has each transaction of this client refuse the statements that it is given after its function has ended. The driver would
 * write them to the connection that the transaction had, or to the one that came after it: within another transaction, or
 * in none. A function ends before its time wherever one of several statements fails, as where a connection is lost.
 */
export function refuseAfterEnd(client: postgres.Sql): postgres.Sql {
  return Object.assign(client, { begin: endingWithItsFunction(client.begin as Begin) });
}

function endingWithItsFunction(begin: Begin): Begin {
  return async (...given) => {
    const run = given.at(-1) as Run;
    let failure: unknown;
    const runGuarded: Run = async (scope) => {
      let hasEnded = false;
      const guarded = guard(scope, () => hasEnded);
      try {
        const result = run(guarded);
        return await (Array.isArray(result) ? Promise.all(result) : result);
      } catch (error) {
        failure = error;
        throw error;
      } finally {
        hasEnded = true;
      }
    };
    try {
      return await (typeof given[0] === "string" ? begin(given[0], runGuarded) : begin(runGuarded));
    } catch (error) {
      // The driver says only that the connection is closed; the statement that was waiting knows why.
      throw (error as { code?: unknown }).code === "CONNECTION_CLOSED" ? (failure ?? error) : error;
    }
  };
}

function guard(scope: Scope, hasEnded: () => boolean): Scope {
  const guardStatement = (made: unknown) => {
    if (!isStatement(made)) return made;
    const { handler } = made;
    // A statement may be made long before it is handed over.
    made.handler = (statement) => {
      if (hasEnded()) statement.reject(transactionEnded());
      else handler(statement);
    };
    return made;
  };
  const savepoint = endingWithItsFunction(scope.savepoint as Begin);
  return new Proxy(scope, {
    apply: (target, receiver, given) => guardStatement(Reflect.apply(target, receiver, given)),
    get(target, key, receiver) {
      if (key === "savepoint") {
        return (...given: Parameters<Begin>) => (hasEnded() ? Promise.reject(transactionEnded()) : savepoint(...given));
      }
      const value = Reflect.get(target, key, receiver);
      if (key !== "unsafe" && key !== "file") return value;
      return (...given: unknown[]) => guardStatement(value(...given));
    },
  });
}

function isStatement(made: unknown): made is Statement {
  return typeof made === "object" && made !== null && "handler" in made && "reject" in made;
}

function transactionEnded(): Error {
  return Object.assign(new Error("The transaction that this statement belongs to has ended."), {
    code: "TRANSACTION_ENDED",
  });
}
