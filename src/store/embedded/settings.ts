/** A server setting, the value it gets here, and why it is not PostgreSQL's default. */
type Setting = readonly [name: string, value: string, reason: string]

/**
 * Sized for the hub's box: two cores, 1-4 GB, the hub beside it. They are given on the command line, so
 * every start has the settings of the code that starts it; anything else may be set in
 * `postgresql.auto.conf` as usual.
 */
const settings: readonly Setting[] = [
  ['listen_addresses', '127.0.0.1', 'the hub is the only client'],
  ['unix_socket_directories', '', 'a socket path would have a length limit and a directory to own'],
  ['cluster_name', 'openclaw', 'tells the owner in "ps" whose processes these are'],
  ['shared_buffers', '128MB', 'orders in work fit; the rest is left to the page cache'],
  ['max_connections', '100', 'pools of the roles, migrations and a person with psql'],
  ['effective_cache_size', '512MB', 'what the page cache holds on a small box'],
  ['random_page_cost', '1.1', 'solid state'],
  ['synchronous_commit', 'on', 'an acknowledged order is on disk; never trade this for speed'],
  ['wal_compression', 'on', 'raw documents are text: full-page images shrink several times'],
  ['max_wal_size', '1GB', 'a backfill must not checkpoint every few seconds'],
  ['checkpoint_completion_target', '0.9', 'spread the writes of a checkpoint'],
  ['jit', 'off', 'queries are short; compiling them costs more than running them'],
  [
    'max_parallel_workers_per_gather',
    '0',
    'two cores are busy already, and containers give 64 MB of /dev/shm',
  ],
  ['autovacuum_max_workers', '2', 'one per core'],
  ['autovacuum_naptime', '5s', 'queue tables turn over many times a minute'],
  ['autovacuum_vacuum_scale_factor', '0.02', 'dead rows of a hot table are removed while they are few'],
  ['autovacuum_vacuum_threshold', '500', 'and not for every handful of them'],
  ['autovacuum_analyze_scale_factor', '0.05', 'plans follow a table that grows by a backfill'],
  ['autovacuum_vacuum_cost_delay', '1ms', 'vacuum keeps up with the queue'],
  ['timezone', 'UTC', 'instants are UTC everywhere'],
  ['log_timezone', 'UTC', 'so are the log lines'],
  ['log_min_messages', 'warning', 'the log is for trouble'],
  ['log_checkpoints', 'off', 'not trouble'],
  ['log_line_prefix', '%m [%p] ', 'when, and which process'],
  ['log_error_verbosity', 'terse', 'DETAIL quotes rows, and rows hold personal data'],
  ['log_min_error_statement', 'panic', 'statements hold personal data too'],
]

/** The settings as `postgres` arguments; `overrides` (name to value) win. */
export function settingArguments(overrides: Readonly<Record<string, string>> = {}): string[] {
  const chosen = new Map(settings.map(([name, value]) => [name, value]))
  for (const [name, value] of Object.entries(overrides)) chosen.set(name, value)
  return [...chosen].flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
