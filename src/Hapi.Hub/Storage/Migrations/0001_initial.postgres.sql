create table meta (key text primary key, value text not null);
create table sessions (
  id text primary key, namespace text not null, tag text not null, flavor text not null, machine_id text,
  seq bigint not null, created_at bigint not null, updated_at bigint not null,
  metadata text not null, metadata_version bigint not null, agent_state text not null, agent_state_version bigint not null,
  model text, effort text, model_reasoning_effort text, permission_mode text,
  todos text, todos_updated_at bigint not null default 0, pin text not null default 'none',
  generation bigint not null, ended_at bigint, message_seq bigint not null default 0, epoch bigint not null default 0, head_at bigint not null default 0,
  opened_at bigint not null default 0, ready_generation bigint not null default 0, failed_generation bigint not null default 0, stop_wanted bigint not null default 0,
  interrupted_at bigint, reopened_at bigint, crashes bigint not null default 0
);
create index sessions_by_namespace on sessions (namespace);
create index sessions_interrupted on sessions (namespace) where interrupted_at is not null;
create table messages (
  session_id text not null references sessions (id) on delete cascade, seq bigint not null, id text not null unique, content bytea not null,
  created_at bigint not null, position_at bigint not null, local_id text, invoked_at bigint, scheduled_at bigint,
  delivery text, delivery_at bigint, delivery_code text,
  primary key (session_id, seq)
);
create index messages_by_position on messages (session_id, position_at, seq);
create unique index messages_by_local_id on messages (session_id, local_id) where local_id is not null;
create index messages_waiting on messages (session_id, seq) where invoked_at is null;
create index messages_scheduled on messages (scheduled_at) where scheduled_at is not null and invoked_at is null;
create table commands (
  seq bigint generated always as identity primary key, id text not null unique, session_id text not null references sessions (id) on delete cascade,
  kind text not null, at bigint not null, asked_by text, asked_by_id text, asked_by_way text, subject text, body bytea not null, state text not null, code text, done_at bigint
);
create index commands_open on commands (session_id, seq) where state in ('stored', 'sent');
create index commands_by_subject on commands (session_id, kind, subject);
create index commands_by_age on commands (kind, at) where state in ('stored', 'sent');
create table applied (
  namespace text not null, kind text not null, owner text not null, generation bigint not null, through bigint not null, primary key (namespace, kind, owner, generation)
);
create table process_ends (
  namespace text not null, session_id text not null, machine_id text not null, pid bigint not null, word text not null, at bigint not null,
  primary key (namespace, session_id, machine_id, pid, word)
);
create table events (seq bigint primary key, count integer not null, at bigint not null, namespace text not null, session_id text, machine_id text, kind text not null, ref text);
create table machines (
  id text primary key, namespace text not null, seq bigint not null, created_at bigint not null, updated_at bigint not null, metadata text not null, metadata_version bigint not null,
  runner_state text, runner_state_version bigint not null default 1, generation bigint not null default 0
);
create table devices (
  id text primary key, namespace text not null, name text not null, token_hash text not null unique, created_at bigint not null, last_seen_at bigint, revoked_at bigint
);
create table pairing_codes (code_hash text primary key, namespace text not null, name text, expires_at bigint not null);
create table audit (
  seq bigint primary key, at bigint not null, namespace text not null, session_id text, machine_id text, kind text collate "C" not null,
  actor_kind text not null, actor_id text, actor_name text, channel text not null, subject text, reason text, was text, became text, prev text not null, hash text not null
);
create index audit_by_session on audit (session_id, seq) where session_id is not null;
create index audit_by_kind on audit (kind, seq);
create index audit_by_time on audit (at);
