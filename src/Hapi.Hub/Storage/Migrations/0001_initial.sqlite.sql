create table meta (key text primary key, value text not null) without rowid;
create table sessions (
  id text primary key, namespace text not null, tag text not null, flavor text not null, machine_id text,
  seq integer not null, created_at integer not null, updated_at integer not null,
  metadata text not null, metadata_version integer not null, agent_state text not null, agent_state_version integer not null,
  model text, effort text, model_reasoning_effort text, permission_mode text,
  todos text, todos_updated_at integer not null default 0, pin text not null default 'none',
  generation integer not null, ended_at integer, message_seq integer not null default 0, epoch integer not null default 0, head_at integer not null default 0,
  opened_at integer not null default 0, ready_generation integer not null default 0, failed_generation integer not null default 0, stop_wanted integer not null default 0,
  interrupted_at integer, reopened_at integer, crashes integer not null default 0
);
create index sessions_by_namespace on sessions (namespace);
create index sessions_interrupted on sessions (namespace) where interrupted_at is not null;
create table messages (
  session_id text not null references sessions (id) on delete cascade, seq integer not null, id text not null unique, content blob not null,
  created_at integer not null, position_at integer not null, local_id text, invoked_at integer, scheduled_at integer,
  delivery text, delivery_at integer, delivery_code text,
  primary key (session_id, seq)
);
create index messages_by_position on messages (session_id, position_at, seq);
create unique index messages_by_local_id on messages (session_id, local_id) where local_id is not null;
create index messages_waiting on messages (session_id, seq) where invoked_at is null;
create index messages_scheduled on messages (scheduled_at) where scheduled_at is not null and invoked_at is null;
create table commands (
  seq integer primary key autoincrement, id text not null unique, session_id text not null references sessions (id) on delete cascade,
  kind text not null, at integer not null, asked_by text, asked_by_id text, asked_by_way text, subject text, body blob not null, state text not null, code text, done_at integer
);
create index commands_open on commands (session_id, seq) where state in ('stored', 'sent');
create index commands_by_subject on commands (session_id, kind, subject);
create index commands_by_age on commands (kind, at) where state in ('stored', 'sent');
create table applied (
  namespace text not null, kind text not null, owner text not null, generation integer not null, through integer not null, primary key (namespace, kind, owner, generation)
) without rowid;
create table process_ends (
  namespace text not null, session_id text not null, machine_id text not null, pid integer not null, word text not null, at integer not null,
  primary key (namespace, session_id, machine_id, pid, word)
) without rowid;
create table events (seq integer primary key, count integer not null, at integer not null, namespace text not null, session_id text, machine_id text, kind text not null, ref text);
create table machines (
  id text primary key, namespace text not null, seq integer not null, created_at integer not null, updated_at integer not null, metadata text not null, metadata_version integer not null,
  runner_state text, runner_state_version integer not null default 1, generation integer not null default 0
);
create table devices (
  id text primary key, namespace text not null, name text not null, token_hash text not null unique, created_at integer not null, last_seen_at integer, revoked_at integer
);
create table pairing_codes (code_hash text primary key, namespace text not null, name text, expires_at integer not null) without rowid;
create table audit (
  seq integer primary key, at integer not null, namespace text not null, session_id text, machine_id text, kind text not null,
  actor_kind text not null, actor_id text, actor_name text, channel text not null, subject text, reason text, was text, became text, prev text not null, hash text not null
);
create index audit_by_session on audit (session_id, seq) where session_id is not null;
create index audit_by_kind on audit (kind, seq);
create index audit_by_time on audit (at);
