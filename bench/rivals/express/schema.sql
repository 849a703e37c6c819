create table jobs (
  task_id text primary key,
  lead jsonb not null,
  status text not null default 'pending',
  result jsonb,
  error text,
  created_at timestamptz not null default now(),
  completed_at timestamptz
);
create table webhook_events (
  event_id text primary key,
  task_id text not null,
  attempt integer,
  payload bytea not null,
  received_at timestamptz not null default now()
);
