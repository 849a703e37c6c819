import { expect, test } from "vitest";
import { isLocalHost } from "@/lib/access/is-local-host";

test.each([
  "localhost",
  "localhost:3000",
  "LOCALHOST:3000",
  "localhost.",
  "app.localhost:3000",
  "127.0.0.1:3000",
  "127.8.8.8",
  "[::1]:3000",
  null,
])("%j is this machine", (host) => expect(isLocalHost(host)).toBe(true));

test.each([
  "evil.example",
  "evil.example:3000",
  "localhost.evil.example",
  "localhost@evil.example",
  "evil.example/localhost",
  "evil.example#localhost",
  "127.0.0.1.evil.example",
  "127.evil.example",
  "notlocalhost",
  "192.168.1.2:3000",
  "0.0.0.0:3000",
  "[::2]",
  "",
  " ",
])("%j is not", (host) => expect(isLocalHost(host)).toBe(false));
