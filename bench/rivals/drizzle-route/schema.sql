create table jobs (
  id bigint generated always as identity primary key,
  task_id text not null unique,
  token_hash bytea not null unique,
  lead jsonb not null,
  status text not null default 'running',
  result jsonb,
  error text,
  created_at timestamptz not null default now(),
  completed_at timestamptz
);
create table webhook_events (
  id bigint generated always as identity primary key,
  event_id text not null,
  task_id text not null,
  attempt integer,
  outcome text not null,
  headers jsonb not null,
  payload bytea not null,
  payload_sha256 bytea not null,
  received_at timestamptz not null default now()
);
create index webhook_events_event on webhook_events (event_id);
create index webhook_events_task on webhook_events (task_id);
create table job_history (
  id bigint generated always as identity primary key,
  job_id bigint not null references jobs (id),
  type text not null,
  detail jsonb not null,
  at timestamptz not null default now()
);
create index job_history_of_job on job_history (job_id);
