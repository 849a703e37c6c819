import postgres from "postgres";
import { seedTasks } from "@/bench/seed-tasks";
import { openDatabase } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";
import { settlePeriods } from "@/lib/periods/settle-periods";

/** Something of each kind that has a page of its own. */
export interface Sample {
  taskId: string;
  deliveryId: string;
  listId: string;
}

/** A database with so many tasks, made where it is not there yet; all that is over is settled, as it is after some minutes. */
export async function seededDatabase(serverUrl: string, tasks: number): Promise<{ url: string; sample: Sample }> {
  const name = `scale_${tasks}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const admin = postgres(serverUrl, { max: 1, onnotice: () => {} });
  const [known] = await admin`select from pg_database where datname = ${name}`;
  if (!known) {
    const startedAt = performance.now();
    await admin`create database ${admin(`${name}_seeding`)}`;
    const seedUrl = new URL(serverUrl);
    seedUrl.pathname = `/${name}_seeding`;
    await migrateDatabase(seedUrl.href);
    await seedTasks(seedUrl.href, tasks);
    await admin`alter database ${admin(`${name}_seeding`)} rename to ${admin(name)}`;
    console.info(`${tasks} tasks were seeded in ${seconds(startedAt)} s.`);
  }
  await admin.end();
  await migrateDatabase(url.href);
  const { db, close } = openDatabase(url.href);
  const startedAt = performance.now();
  const { hours, days } = await settlePeriods({ db }, { forMs: Number.POSITIVE_INFINITY });
  if (hours > 0) console.info(`${hours} hours and ${days} days of it were settled in ${seconds(startedAt)} s.`);
  const [sample] = await db.execute<Sample & Record<string, unknown>>(`
    select tasks.id as "taskId", deliveries.id as "deliveryId", (select id from submissions where source = 'list' limit 1) as "listId"
    from tasks join deliveries on task_id = tasks.id
    where tasks.status = 'completed' and outcome = 'applied' order by tasks.id desc limit 1`);
  await close();
  if (!sample) throw new Error("Nothing was delivered.");
  return { url: url.href, sample };
}

function seconds(startedAt: number): string {
  return ((performance.now() - startedAt) / 1000).toFixed(0);
}
