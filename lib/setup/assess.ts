import { assessAccess } from "@/lib/setup/assess-access";
import { assessChecklist } from "@/lib/setup/assess-checklist";
import { assessDatabase } from "@/lib/setup/assess-database";
import { assessOperation } from "@/lib/setup/assess-operation";
import { assessProxy } from "@/lib/setup/assess-proxy";
import { assessSixtyfour } from "@/lib/setup/assess-sixtyfour";
import { assessWebhooks } from "@/lib/setup/assess-webhooks";
import type { SetupFacts } from "@/lib/setup/setup-facts";
import type { SetupPoint } from "@/lib/setup/setup-point";

/** Makes the checklist of what was found out: the same facts make the same points. */
export function assessSetup(facts: SetupFacts): SetupPoint[] {
  return [
    ...assessSixtyfour(facts),
    ...assessWebhooks(facts),
    ...assessDatabase(facts),
    ...assessAccess(facts),
    ...assessProxy(facts),
    ...assessOperation(facts),
    ...assessChecklist(facts),
  ];
}
