import { sql } from "drizzle-orm";
import { openDatabase, type Transaction } from "@/db/client";
import { settlePeriods } from "@/lib/periods/settle-periods";

export interface Seeded {
  /** One that is completed, with a result and a delivery. */
  taskId: string;
  /** A list that the first tenth of the tasks belongs to. */
  submissionId: string;
}

/** A UUIDv7 of a moment, as SQL. */
const idAt = (at: string) =>
  `(lpad(to_hex((extract(epoch from ${at}) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3) ||
    '8' || substr(md5(random()::text), 1, 15))::uuid`;

const SEEDED = "'submissions', 'tasks', 'leads', 'sends', 'deliveries', 'task_events'";
const DELIVERIES_PER_TASK = 1.5;

/**
 * Fills an empty database with tasks of the last 30 days, as a team would have them: mostly completed and delivered by
 * webhook, some failed, some that a poll brought, a few that are open; each with a lead, its send, its deliveries and its
 * history; and what strangers sent besides, so that there are half as many deliveries again as tasks. Made by Postgres
 * itself, oldest first and without the secondary indexes, which are built afterwards: so a million take minutes. What is over is
 * settled, as it is in use: an app that finds it unsettled does that for a minute, beside what is measured.
 */
export async function seedTasks(databaseUrl: string, count: number): Promise<Seeded> {
  const { db, close } = openDatabase(databaseUrl, { maxConnections: 1 });
  try {
    const seeded = await db.transaction((tx) => fill(tx, count));
    await db.execute(sql.raw("set statement_timeout = 0"));
    await db.execute(sql.raw("vacuum (analyze)"));
    await settlePeriods({ db }, { forMs: Number.POSITIVE_INFINITY });
    return seeded;
  } finally {
    await close();
  }
}

async function fill(tx: Transaction, count: number): Promise<Seeded> {
  const inList = Math.ceil(count / 10);
  const run = (statement: string) => tx.execute(sql.raw(statement));
  await run("set local statement_timeout = 0");
  await run("set local maintenance_work_mem = '1GB'");
  // Foreign keys hold by construction; each would be looked up otherwise.
  const [{ isSuper } = { isSuper: false }] = await tx.execute<{ isSuper: boolean }>(
    sql`select rolsuper as "isSuper" from pg_roles where rolname = current_user`,
  );
  if (isSuper) await run("set local session_replication_role = replica");
  const indexes = await tx.execute<{ name: string; definition: string }>(
    sql.raw(`
        select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
        where indrelid::regclass::text in (${SEEDED})
          and not exists (select from pg_constraint where conindid = indexrelid)`),
  );
  for (const { name } of indexes) await run(`drop index ${name}`);
  await run("select setseed(0.42)");
  await run(`
        create temporary table made on commit drop as
        select n, at, ${idAt("at")} as id, ${idAt("at - interval '5 ms'")} as submission_id, kind, status, via, seconds, name,
          company, lower(replace(company, ' ', '')) || '.example' as domain
        from (
          select n, now() - make_interval(secs => 60 + (n - 1) * 2592000.0 / ${count}) as at,
            (array['find_email', 'find_email', 'find_email', 'find_phone', 'people_intelligence', 'reverse_email',
              'company_intelligence', 'qa_agent'])[1 + n % 8] as kind,
            case when n <= 3 then 'running' when n % 97 = 0 then 'cancelled' when n % 23 = 0 then 'failed' else 'completed' end
              as status,
            case when n % 90 = 0 then 'poll' when n % 31 = 0 then 'reconcile' else 'webhook' end as via,
            2 + exp(2.6 * random()) as seconds,
            (array['Ada', 'Grace', 'Alan', 'Katherine', 'Edsger', 'Barbara', 'Donald', 'Radia', 'Tim', 'Margaret'])[1 + n % 10]
              || ' ' ||
            (array['Lovelace', 'Hopper', 'Turing', 'Johnson', 'Dijkstra', 'Liskov', 'Knuth', 'Perlman', 'Lee', 'Hamilton',
              'Noether', 'Curie', 'Euler'])[1 + n % 13] || ' ' || n as name,
            (array['Analytical Engines', 'Northwind', 'Blue Harbour', 'Pine and Partners', 'Orbit Works', 'Juniper Labs',
              'Copper Mill'])[1 + n % 7] as company
          from generate_series(${count}, 1, -1) as n) as drawn`);
  await run(`
        insert into submissions (id, kind, source, name, lead_count, request_key, created_at, confirmed_at, prepared_at)
        select * from (
          select ${idAt("now() - interval '30 days'")}, 'find_email', 'list', 'leads of the quarter.csv', ${inList}, 'list',
            now() - interval '30 days', now() - interval '30 days', now() - interval '30 days') as list
        union all
        select submission_id, kind, 'form', '', 1, n::text, at, at, at from made where n > ${inList}`);
  await run(
    "update made set submission_id = (select id from submissions where request_key = 'list'), kind = 'find_email' " +
      `where n <= ${inList}`,
  );
  await run(`
        insert into tasks (id, submission_id, kind, status, sixtyfour_task_id, request, webhook_requested, result, error_code,
          error_message, charged_cents, found_count, created_at, submitted_at, ended_at, delivered_at, delivered_via,
          delivered_attempt, updated_at)
        select id, submission_id, kind, status, 'job_' || n, json_build_object('lead', json_build_object('name', name)), true,
          case when status = 'completed' then case
            when n % 11 = 0 then json_build_object('name', name, 'company', company, 'email', '[]'::json, 'cost_cents', 0)
            when kind like '%intelligence' or kind = 'qa_agent' then json_build_object('structured_data', json_build_object(
              'title', 'Head of ' || company, 'location', 'Berlin', 'website', 'https://' || domain),
              'confidence_score', 8.5, 'notes', 'Made up for a measurement.', 'findings', json_build_array('It is active.'),
              'references', json_build_object('https://' || domain || '/about', 'What it says about itself'))
            when kind = 'find_phone' then json_build_object('name', name, 'phone', '+1 415 555 ' || lpad((n % 10000)::text, 4, '0'))
            else json_build_object('name', name, 'company', company, 'email', json_build_array(json_build_array(
              'p' || n || '@' || domain, 'OK', 'COMPANY')), 'cost_cents', 5) end end,
          case when status = 'failed' then 'job_failed' end,
          case when status = 'failed' then (array['No such site', 'The profile is private', 'Timed out while researching'])[1 + n % 3] end,
          case when status = 'completed' and kind like 'find%' then case when n % 11 = 0 then 0 else 5 end end,
          case when status = 'completed' then case when n % 11 = 0 then 0 else 1 end end,
          at, at, case when status <> 'running' then at + make_interval(secs => seconds) end,
          case when status in ('completed', 'failed') then at + make_interval(secs => seconds) end,
          case when status in ('completed', 'failed') then via end,
          case when status in ('completed', 'failed') and via = 'webhook' then 1 end, at
        from made`);
  await run(`
        insert into leads (id, submission_id, row, task_id, position, fields)
        select ${idAt("at")}, submission_id, case when n <= ${inList} then n - 1 else 0 end, id, 0,
          json_build_object('name', name, 'company', company) from made`);
  await run(`
        insert into sends (id, task_id, sent_at, token_hash, sixtyfour_task_id)
        select ${idAt("at")}, id, at, sha256(convert_to(n::text, 'UTF8')), 'job_' || n from made`);
  await run(`
        insert into deliveries (id, received_at, task_id, sixtyfour_task_id, event_id, event_type, attempt, status, task_type,
          signature, signature_count, signature_age_seconds, token, outcome, answer, handled_ms, headers, body, body_bytes)
        select ${idAt("received_at")}, received_at, id, 'job_' || n, 'event_' || n, kind, copy, status, kind, 'valid', 1, 0,
          'right', case when copy = 1 then 'applied' else 'duplicate' end, 200, 4,
          '{"content-type": "application/json"}'::jsonb, convert_to('{"task_id":"job_' || n || '"}', 'UTF8'), 30
        from (
          select made.*, copy, at + make_interval(secs => seconds + copy - 1) as received_at from made, generate_series(1, 2) as copy
          where status in ('completed', 'failed') and via = 'webhook' and (copy = 1 or n % 2 = 0)) as sent`);
  await run(`
        insert into deliveries (id, received_at, signature, outcome, answer, handled_ms, headers, body, body_bytes)
        select ${idAt("at")}, at, 'missing', 'refused', 401, 1, '{"content-type": "application/json"}'::jsonb, '{}', 2
        from (select generate_series(1, ${DELIVERIES_PER_TASK * count} - (select count(*) from deliveries)) as n) as strangers,
          lateral (select now() - make_interval(secs => 60 + 2591000.0 * random() + 0 * n) as at) as moments`);
  await run(`
        insert into task_events (id, task_id, at, type, detail)
        select ${idAt("at + make_interval(secs => wait)")}, id, at + make_interval(secs => wait), type, detail::jsonb from (
          select id, at, 0.0 as wait, 'created' as type, '{}' as detail from made
          union all select id, at, 0.2, 'submitted', '{"withWebhook": true}' from made
          union all select id, at, seconds, 'ended', json_build_object('status', status, 'via', via)::text
            from made where status <> 'running') as history`);
  for (const { definition } of indexes) await run(definition);
  const [task] = await tx.execute<{ id: string; submissionId: string }>(sql`
        select id, (select id from submissions where request_key = 'list') as "submissionId" from made
        where status = 'completed' and via = 'webhook' and n % 11 <> 0 order by n limit 1`);
  if (!task) throw new Error("Too few tasks to choose one from.");
  return { taskId: task.id, submissionId: task.submissionId };
}
