import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { isAlive } from "@/scripts/local/child-process";
import { startTunnel } from "@/scripts/local/tunnel";
import { startWebhookForwarder, type WebhookForwarder } from "@/scripts/local/webhook-forwarder";

describe("a tunnel", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "sixtyfour-tunnel-"));
    return () => rm(folder, { recursive: true, force: true });
  });

  /** A program of this name that writes what the real one writes, and stays until it is interrupted. */
  async function install(name: string, script: string): Promise<void> {
    const file = path.join(folder, name);
    await writeFile(file, `#!${process.execPath}\n${script}\n`);
    await chmod(file, 0o755);
  }
  const stay = "setInterval(() => {}, 1000);";

  const given = () => ({ localtunnelServer: "http://lt.example:1234", needsHttps: false, folders: [folder] });

  test("of cloudflared has the address that stands in its box, and ends with an interrupt", async () => {
    await install(
      "cloudflared",
      `console.error("2026-11-24T10:00:00Z INF Requesting new quick Tunnel on trycloudflare.com...");
       console.error("INF |  https://some-odd-words-here.trycloudflare.com   |", process.pid, process.argv.slice(2).join(" "));
       ${stay}`,
    );
    const tunnel = await startTunnel("http://127.0.0.1:4000", given());
    expect(tunnel).toMatchObject({ name: "cloudflared", url: "https://some-odd-words-here.trycloudflare.com" });
    await tunnel.stop();
    expect(await tunnel.ended).toMatch(/ended by SIGINT/);
  });

  test("of ngrok has the address of its log", async () => {
    await install(
      "ngrok",
      `console.log(JSON.stringify({ lvl: "info", msg: "no configuration paths supplied", url: "https://ngrok.com/docs" }));
       console.log(JSON.stringify({ addr: process.argv[3], lvl: "info", msg: "started tunnel", url: "https://ab12.ngrok-free.app" }));
       ${stay}`,
    );
    const tunnel = await startTunnel("http://127.0.0.1:4000", given());
    expect(tunnel).toMatchObject({ name: "ngrok", url: "https://ab12.ngrok-free.app" });
    await tunnel.stop();
  });

  test("of localtunnel has the address that it prints, for the forwarder's own host and port", async () => {
    await install(
      "lt",
      `console.log("your url is: %s", "https://" + process.argv.slice(2, 6).join("").replaceAll(".", "-").replaceAll("--", "") + ".loca.lt"); ${stay}`,
    );
    const tunnel = await startTunnel("http://127.0.0.1:4000", given());
    expect(tunnel).toMatchObject({ name: "lt", url: "https://port4000local-host127-0-0-1.loca.lt" });
    await tunnel.stop();
  });

  test.each([
    ["cloudflared", "no account"],
    ["ngrok", "ngrok config add-authtoken"],
    ["lt", "bypass-tunnel-reminder"],
  ])("of %s that fails says what the program needs", async (name, words) => {
    await install(name, "process.exitCode = 1;");
    await expect(startTunnel("http://127.0.0.1:4000", given())).rejects.toThrow(words);
  });

  test("of a localtunnel server without https is refused where Sixtyfour itself has to call it", async () => {
    await install("lt", `console.log("your url is: %s", process.argv[7]); ${stay}`);
    const failure = startTunnel("http://127.0.0.1:4000", { ...given(), needsHttps: true });
    await expect(failure).rejects.toThrow(/^The tunnel's address is http:\/\/lt\.example:1234, .*LOCALTUNNEL_SERVER/);
    const tunnel = await startTunnel("http://127.0.0.1:4000", given());
    expect(tunnel).toMatchObject({ name: "lt", url: "http://lt.example:1234" });
    await tunnel.stop();
  });

  test("that can't be had is told with the program's own words", async () => {
    await install(
      "cloudflared",
      `console.error('ERR failed to request quick Tunnel: Post "https://api.trycloudflare.com/tunnel": no network');
       process.exitCode = 1;`,
    );
    const failure = startTunnel("http://127.0.0.1:4000", given());
    await expect(failure).rejects.toThrow(/^cloudflared ended with code 1\. It wrote:\n.*no network/);
    await expect(failure).rejects.toMatchObject({ name: "ConfigError" });
  });

  test("needs a program, and says how to get one", async () => {
    await expect(startTunnel("http://127.0.0.1:4000", given())).rejects.toThrow(/brew install cloudflared/);
  });

  test("leaves no process behind", async () => {
    await install("cloudflared", `console.error("https://a-b.trycloudflare.com pid=" + process.pid + "."); ${stay}`);
    const tunnel = await startTunnel("http://127.0.0.1:4000", given());
    expect(isAlive(tunnel.pid)).toBe(true);
    await tunnel.stop();
    expect(isAlive(tunnel.pid)).toBe(false);
  });
});

describe("what the internet reaches through a tunnel", () => {
  const seen: { url: string | undefined; headers: object; body: string }[] = [];
  const app = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    seen.push({ url: request.url, headers: request.headers, body });
    response.writeHead(202, { "content-type": "application/json", "set-cookie": "a=b" }).end('{"received":true}');
  });
  let forwarder: WebhookForwarder;
  beforeAll(async () => {
    await new Promise<void>((resolve) => app.listen(0, "localhost", resolve));
    forwarder = await startWebhookForwarder((app.address() as AddressInfo).port);
  });
  afterAll(async () => {
    await forwarder.close();
    await new Promise((resolve) => app.close(resolve));
  });
  beforeEach(() => {
    seen.length = 0;
  });

  test("is the webhook's door, with the body as it is and the headers of a webhook alone", async () => {
    const answer = await fetch(`${forwarder.url}/api/webhooks/sixtyfour?token=t`, {
      method: "POST",
      body: '{"task_id": "ä"}',
      headers: { "sixtyfour-signature": "t=1,v1=a", "next-action": "x", cookie: "session=s", "x-forwarded-host": "y" },
    });
    expect(answer.status).toBe(202);
    expect(await answer.text()).toBe('{"received":true}');
    expect(answer.headers.get("set-cookie")).toBeNull();
    expect(seen).toMatchObject([{ url: "/api/webhooks/sixtyfour?token=t", body: '{"task_id": "ä"}' }]);
    expect(seen[0]?.headers).toMatchObject({ "sixtyfour-signature": "t=1,v1=a" });
    for (const name of ["next-action", "cookie", "x-forwarded-host"]) expect(seen[0]?.headers).not.toHaveProperty(name);
  });

  test.each([
    ["GET", "/"],
    ["GET", "/api/tasks"],
    ["GET", "/api/webhooks/sixtyfour"],
    ["POST", "/api/submissions"],
    ["POST", "/api/webhooks/sixtyfour/"],
    ["POST", "/api/webhooks/sixtyfour/../../tasks"],
    ["POST", "//api/webhooks/sixtyfour"],
    ["POST", "/api/webhooks/sixtyfour%2f..%2f"],
  ])("is nothing else: %s %s is answered 404", async (method, target) => {
    expect((await fetch(forwarder.url + target, { method })).status).toBe(404);
    expect(seen).toEqual([]);
  });
});
