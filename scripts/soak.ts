/**
 * `npm run soak`: leads through the real server and the sandbox while answers and webhooks are lost, repeated, reordered
 * and forged, the app is killed and the database stopped. It ends with a table, and with 1 where a lead was lost, got a
 * wrong result, or was submitted twice without a person's word. Needs `npm run build` first.
 */
import { requireNodeVersion } from "@/scripts/local/requirements";
import { runScript } from "@/scripts/local/run-script";
import { readSoakOptions } from "@/scripts/soak/options";
import { isBarMet, soakLine, soakReport } from "@/scripts/soak/report";
import { runSoak } from "@/scripts/soak/run-soak";
import { startFailingStack } from "@/scripts/soak/stack";

const SANDBOX_SPEED = 20;

await runScript(async () => {
  requireNodeVersion();
  const options = readSoakOptions(process.argv.slice(2));
  console.info(`Soaking ${options.leads} leads with seed ${options.seed} in ${options.instances} copies of the app …`);
  const stack = await startFailingStack({
    instances: options.instances,
    signed: !options.unsigned,
    pooled: options.pooled,
    sandboxEnv: {
      SANDBOX_SPEED: String(SANDBOX_SPEED),
      SANDBOX_RETRY_BASE_MS: String(options.retryBaseMs),
      SANDBOX_RATE_LIMIT: "0",
    },
    appEnv: { DELIVERY_WINDOW_SECONDS: String(options.deliveryWindowSeconds) },
  });
  let isGood = false;
  try {
    const outcome = await runSoak(stack, options);
    isGood = isBarMet(outcome);
    console.info(`\n${soakReport(outcome, options)}\n\n${soakLine(outcome, options)}`);
    return isGood ? 0 : 1;
  } finally {
    await stack.stop({ keepLog: !isGood });
    if (!isGood) console.info(`What the app wrote: ${stack.logFile}`);
  }
});
