-- Webhook endpoints, the deliveries that wait for them, and the log of every attempt.

create table webhook_endpoints (
  org_id text not null references organisations,
  environment text not null check (environment in ('production', 'sandbox')),
  id text not null,
  url text not null,
  description text not null default '',
  -- An empty list filters nothing.
  event_types text[] not null default '{}',
  shop_ids text[] not null default '{}',
  platforms text[] not null default '{}',
  status text not null check (status in ('enabled', 'disabled')),
  disabled_reason text,
  -- Both per worker process.
  max_concurrency integer not null check (max_concurrency between 1 and 256),
  per_second double precision check (per_second > 0),
  -- Rises with every change, also of its secrets.
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- The row stays: deliveries that were fanned out while it went away must find out why.
  deleted_at timestamptz,
  primary key (org_id, id)
);

-- Sealed, context `secret:<id>`. Several at once while one is being replaced.
create table endpoint_secrets (
  org_id text not null,
  endpoint_id text not null,
  id text not null,
  secret bytea not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  primary key (org_id, endpoint_id, id),
  foreign key (org_id, endpoint_id) references webhook_endpoints
);

-- What is still to be delivered, and nothing else: a finished row leaves in the statement that logs its
-- last attempt. Every row lives through one insert, one update in place and one delete, so pages keep
-- room for the update and are cleaned as soon as a few thousand rows are dead.
create table deliveries (
  org_id text not null,
  environment text not null,
  id text not null,
  endpoint_id text not null,
  event_offset bigint not null,
  event_id text not null,
  event_type text not null,
  -- Order key.
  entity_id text not null,
  -- Attempts already made.
  attempt integer not null default 0,
  next_at timestamptz not null,
  -- Claimed until then; the token says by which claim.
  lease_until timestamptz,
  lease_token bigint not null default 0,
  created_at timestamptz not null,
  primary key (org_id, id)
) with (
  fillfactor = 60,
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 2000,
  autovacuum_vacuum_cost_delay = 0,
  autovacuum_analyze_scale_factor = 0,
  autovacuum_analyze_threshold = 20000
);
-- Leases are not indexed: claiming then changes no index.
create index deliveries_waiting on deliveries (org_id, endpoint_id, next_at);

-- Append-only, one partition a day, so that retention drops tables instead of deleting rows.
create table webhook_attempts (
  org_id text not null,
  environment text not null,
  delivery_id text not null,
  endpoint_id text not null,
  event_id text not null,
  event_type text not null,
  number integer not null,
  started_at timestamptz not null,
  duration_ms integer not null,
  outcome text not null check (outcome in ('delivered', 'failed', 'refused')),
  -- Set on the attempt that ended the delivery.
  final_state text check (final_state in ('delivered', 'exhausted', 'refused')),
  http_status integer,
  error_code text,
  error_detail text,
  -- Masked before they come here; of the request only the signatures, the rest is rebuilt from this row.
  request_headers json not null,
  response_headers json,
  -- At most 16 kB as received, sealed (context `attempt:<delivery id>:<number>`): a receiver may echo personal data.
  response_body bytea,
  response_truncated boolean not null default false,
  -- One index for all readers: they go through the organisation's endpoints.
  primary key (org_id, endpoint_id, delivery_id, number, started_at)
) partition by range (started_at);
create index webhook_attempts_undelivered on webhook_attempts (org_id, endpoint_id, delivery_id)
  where final_state in ('exhausted', 'refused');

-- Takes what no daily partition covers, so that no clock can make logging fail.
create table webhook_attempts_default partition of webhook_attempts default;
