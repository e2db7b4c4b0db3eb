-- Applications that call the API, their secrets, and what the OAuth server issues.

create table applications (
  org_id text not null references organisations,
  environment text not null check (environment in ('production', 'sandbox')),
  id text not null,
  client_id text not null unique,
  name text not null,
  scopes text[] not null,
  shop_ids text[] not null default '{}',
  status text not null check (status in ('active', 'suspended')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, id)
);

-- SHA-256 of 256 random bits: nothing to guess, so nothing to slow down.
create table application_secrets (
  org_id text not null,
  id text not null,
  application_id text not null,
  digest bytea not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  primary key (org_id, id),
  foreign key (org_id, application_id) references applications (org_id, id) on delete cascade
);
create index application_secrets_of on application_secrets (org_id, application_id);

-- Found by the digest alone: a caller shows a token before anybody knows whose it is. Each row is owned by
-- one organisation through its client.
create table oauth_artefacts (
  digest bytea primary key,
  kind text not null,
  client_id text references applications (client_id) on delete cascade,
  grant_digest bytea,
  payload bytea not null,
  expires_at timestamptz,
  consumed_at timestamptz
);
create index oauth_artefacts_expiry on oauth_artefacts (expires_at);
create index oauth_artefacts_grant on oauth_artefacts (grant_digest) where grant_digest is not null;
