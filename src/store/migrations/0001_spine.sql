-- Organisations, shops and their grants, raw documents, orders and events.
-- Every table begins with org_id; environment is part of every access path (decisions 6 and 16).

create table organisations (
  org_id text primary key,
  name text not null,
  production_granted boolean not null default false,
  created_at timestamptz not null default now()
);

-- One counter per organisation and environment: its row lock makes event offsets gapless in commit order.
create table event_streams (
  org_id text not null references organisations,
  environment text not null check (environment in ('production', 'sandbox')),
  last_offset bigint not null default 0,
  primary key (org_id, environment)
);

-- A seller's consent. Tokens are sealed (context `grant:<id>`), never in the clear.
create table grants (
  org_id text not null references organisations,
  environment text not null,
  id text not null,
  platform text not null,
  region text not null,
  platform_merchant_id text not null,
  access_token bytea,
  access_expires_at timestamptz,
  refresh_token bytea,
  refresh_expires_at timestamptz,
  scopes text[] not null default '{}',
  facts jsonb not null default '{}',
  status text not null,
  granted_at timestamptz not null,
  last_refreshed_at timestamptz,
  last_error_code text,
  -- The notice of the coming end that was given last, in days before it.
  expiry_notice_days integer,
  primary key (org_id, id)
);
-- One account is connected once in an environment, whoever asks.
create unique index grants_account on grants (environment, platform, region, platform_merchant_id);

create table shops (
  org_id text not null references organisations,
  environment text not null,
  id text not null,
  grant_id text not null,
  platform text not null,
  region text not null,
  marketplace_code text not null,
  platform_market_id text not null,
  country_code text not null,
  platform_shop_id text not null,
  platform_merchant_id text,
  stock_scope_key text not null,
  display_name text not null,
  currency text not null,
  time_zone text not null,
  facts jsonb not null default '{}',
  status text not null,
  event_seq integer not null default 0,
  created_at timestamptz not null default now(),
  primary key (org_id, id)
);
create unique index shops_platform on shops (environment, platform, platform_shop_id, marketplace_code);
create index shops_grant on shops (org_id, grant_id);

-- A consent that was started. Single use; the state itself is stored only as a hash.
create table authorization_states (
  state_hash bytea primary key,
  org_id text not null references organisations,
  environment text not null,
  platform text not null,
  region text not null,
  marketplace_code text not null,
  redirect_uri text not null,
  return_url text,
  started_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

-- Where the walk over an account's orders stands.
create table order_feeds (
  org_id text not null,
  grant_id text not null,
  environment text not null,
  synced_until timestamptz not null,
  last_started_at timestamptz,
  last_success_at timestamptz,
  last_error_code text,
  blocked_until timestamptz,
  primary key (org_id, grant_id)
);

create table backfills (
  org_id text not null,
  id text not null,
  environment text not null,
  grant_id text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  done_until timestamptz not null,
  orders_seen bigint not null default 0,
  state text not null check (state in ('running', 'done', 'failed')),
  last_error_code text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id)
);

-- Documents as received, sealed (context `raw:<id>`).
create table raw_documents (
  org_id text not null,
  environment text not null,
  id text not null,
  shop_id text,
  grant_id text not null,
  platform text not null,
  document text not null,
  platform_order_id text,
  source text not null,
  endpoint text not null,
  fetched_at timestamptz not null,
  sha256 bytea not null,
  payload bytea not null,
  primary key (org_id, id)
);
create index raw_documents_order on raw_documents (org_id, shop_id, platform_order_id, fetched_at);

-- Raw documents that are stored but not yet applied: what a killed worker left is taken up from here.
-- One row a batch: documents are stored and applied together.
create table raw_inbox (
  org_id text not null,
  environment text not null,
  batch_id text not null,
  raw_ids text[] not null,
  received_at timestamptz not null default now(),
  primary key (org_id, batch_id)
);

-- Documents that contradict their field table. The rest of their batch went on.
create table quarantine (
  org_id text not null,
  environment text not null,
  raw_id text not null,
  shop_id text,
  platform text not null,
  document text not null,
  platform_order_id text,
  mapping_version text not null,
  faults jsonb not null,
  created_at timestamptz not null default now(),
  resolved_at timestamptz,
  primary key (org_id, raw_id)
);
create index quarantine_open on quarantine (org_id, environment, created_at) where resolved_at is null;

-- The unified order, sealed as a whole (context `order:<id>`): it carries a buyer's personal data.
-- Columns beside it are what lists filter and guards compare.
create table orders (
  org_id text not null,
  environment text not null,
  id text not null,
  shop_id text not null,
  platform text not null,
  marketplace_code text,
  platform_order_id text not null,
  status text not null,
  payment_status text not null,
  is_fulfillable boolean not null,
  ordered_at timestamptz,
  platform_updated_at timestamptz not null,
  fetched_at timestamptz not null,
  first_seen_at timestamptz not null,
  updated_at timestamptz not null,
  acknowledged_at timestamptz,
  version integer not null,
  event_seq integer not null,
  content_hash bytea not null,
  mapping_version text not null,
  raw_id text not null,
  raw_sha256 bytea not null,
  rejected_hash bytea,
  document bytea not null,
  primary key (org_id, id)
) with (fillfactor = 85);
create unique index orders_platform on orders (org_id, shop_id, platform_order_id);
create index orders_changed on orders (org_id, shop_id, updated_at, id);

-- Events as they are sent, sealed whole (context `event:<id>`).
create table events (
  org_id text not null,
  environment text not null,
  "offset" bigint not null,
  id text not null,
  type text not null,
  shop_id text,
  platform text,
  entity_type text not null,
  entity_id text not null,
  seq integer not null,
  recorded_at timestamptz not null,
  body bytea not null,
  primary key (org_id, environment, "offset")
);
create unique index events_id on events (org_id, id);

-- Ids of platform messages already acted on. Messages come at least once.
create table seen_hints (
  org_id text not null,
  grant_id text not null,
  dedupe_key text not null,
  seen_at timestamptz not null default now(),
  primary key (org_id, grant_id, dedupe_key)
);

-- Rate of each platform operation as one timestamp (GCRA), shared by all processes.
create table platform_buckets (
  key text primary key,
  next_free_at double precision not null,
  per_second double precision,
  blocked_until double precision
);

-- Fields that platforms send and no table names. Never a value.
create table drift (
  platform text not null,
  document text not null,
  api_version text not null,
  path text not null,
  type text not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  seen_count bigint not null,
  primary key (platform, document, api_version, path)
);

-- Processes that take jobs; one that stops reporting has its jobs taken back.
create table workers (
  id text primary key,
  host text not null,
  pid integer not null,
  started_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now()
);
