-- The two networks' memory. Ids of X are integers here (63 bits, time-ordered) and text on the wire.
CREATE TABLE IF NOT EXISTS setting (key TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS company (
  slug TEXT PRIMARY KEY, name TEXT NOT NULL, x_user_id INTEGER, page_id TEXT,
  capabilities TEXT NOT NULL DEFAULT '{}');

CREATE TABLE IF NOT EXISTS x_user (
  id INTEGER PRIMARY KEY, username TEXT NOT NULL COLLATE NOCASE, name TEXT NOT NULL,
  company TEXT, home TEXT, mood TEXT NOT NULL DEFAULT '', created_ms INTEGER NOT NULL,
  description TEXT NOT NULL DEFAULT '', followers INTEGER NOT NULL DEFAULT 0,
  verified_type TEXT NOT NULL DEFAULT 'none', protected INTEGER NOT NULL DEFAULT 0,
  suspended INTEGER NOT NULL DEFAULT 0, receives_dm INTEGER NOT NULL DEFAULT 1);
CREATE UNIQUE INDEX IF NOT EXISTS x_user_username ON x_user (username);

CREATE TABLE IF NOT EXISTS x_post (
  id INTEGER PRIMARY KEY, chain INTEGER NOT NULL, author_id INTEGER NOT NULL,
  raw TEXT NOT NULL,               -- as it was written
  text TEXT NOT NULL,              -- as X tells it: escaped, links shortened, reply mentions in front
  entities TEXT NOT NULL DEFAULT '{}', note TEXT, -- note: the whole of a long post and its entities
  prefix INTEGER NOT NULL DEFAULT 0, shown_end INTEGER NOT NULL DEFAULT 0, lang TEXT NOT NULL DEFAULT 'es',
  created_ms INTEGER NOT NULL, conversation_id INTEGER NOT NULL,
  reply_to INTEGER, reply_user INTEGER, quoted INTEGER, reposted INTEGER,
  reply_settings TEXT NOT NULL DEFAULT 'everyone', media TEXT NOT NULL DEFAULT '[]',
  fold TEXT NOT NULL DEFAULT '', -- what duplicates share
  source TEXT NOT NULL, likes INTEGER NOT NULL DEFAULT 0, replies INTEGER NOT NULL DEFAULT 0,
  quotes INTEGER NOT NULL DEFAULT 0, reposts INTEGER NOT NULL DEFAULT 0, hidden INTEGER NOT NULL DEFAULT 0,
  deleted INTEGER NOT NULL DEFAULT 0, newer INTEGER, withheld TEXT);
CREATE INDEX IF NOT EXISTS x_post_author ON x_post (author_id, id);
CREATE INDEX IF NOT EXISTS x_post_fold ON x_post (author_id, fold, id);
CREATE INDEX IF NOT EXISTS x_post_conversation ON x_post (conversation_id, id);
CREATE INDEX IF NOT EXISTS x_post_chain ON x_post (chain);
CREATE INDEX IF NOT EXISTS x_post_reply ON x_post (reply_to) WHERE reply_to IS NOT NULL;
CREATE TABLE IF NOT EXISTS x_mention (
  user_id INTEGER NOT NULL, post_id INTEGER NOT NULL, explicit INTEGER NOT NULL,
  PRIMARY KEY (user_id, post_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS x_like (user_id INTEGER, post_id INTEGER, PRIMARY KEY (user_id, post_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS x_follow (source INTEGER, target INTEGER, PRIMARY KEY (source, target)) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS x_block (source INTEGER, target INTEGER, PRIMARY KEY (source, target)) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS x_dm_conversation (id TEXT PRIMARY KEY, members TEXT NOT NULL, is_group INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS x_dm_member (
  user_id INTEGER, conversation_id TEXT, PRIMARY KEY (user_id, conversation_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS x_dm (
  id INTEGER PRIMARY KEY, conversation_id TEXT NOT NULL, event_type TEXT NOT NULL DEFAULT 'MessageCreate',
  sender_id INTEGER NOT NULL, text TEXT NOT NULL DEFAULT '', created_ms INTEGER NOT NULL,
  media TEXT NOT NULL DEFAULT '[]', participants TEXT NOT NULL DEFAULT '[]', referenced INTEGER,
  source TEXT NOT NULL, deleted INTEGER NOT NULL DEFAULT 0, read_ms INTEGER);
CREATE INDEX IF NOT EXISTS x_dm_conversation_id ON x_dm (conversation_id, id);

CREATE TABLE IF NOT EXISTS x_webhook (
  id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, valid INTEGER NOT NULL, created_ms INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS x_subscription (
  id INTEGER PRIMARY KEY, event_type TEXT NOT NULL, user_id INTEGER NOT NULL, tag TEXT,
  webhook_id INTEGER, created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS x_subscription_user ON x_subscription (user_id, event_type);

CREATE TABLE IF NOT EXISTS token (
  token TEXT PRIMARY KEY, network TEXT NOT NULL, kind TEXT NOT NULL, account TEXT NOT NULL DEFAULT '',
  scopes TEXT NOT NULL DEFAULT '', family TEXT NOT NULL DEFAULT '', expires_ms INTEGER, used_ms INTEGER,
  revoked TEXT, fixed INTEGER NOT NULL DEFAULT 0, detail TEXT NOT NULL DEFAULT '{}');
CREATE INDEX IF NOT EXISTS token_family ON token (family);
CREATE INDEX IF NOT EXISTS token_account ON token (network, account);

CREATE TABLE IF NOT EXISTS media (
  id TEXT PRIMARY KEY, network TEXT NOT NULL, owner TEXT NOT NULL, mime TEXT NOT NULL, bytes BLOB NOT NULL,
  category TEXT NOT NULL DEFAULT '', created_ms INTEGER NOT NULL,
  name TEXT NOT NULL DEFAULT '', alt TEXT NOT NULL DEFAULT '');

CREATE TABLE IF NOT EXISTS fb_page (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, company TEXT NOT NULL, category TEXT NOT NULL DEFAULT '',
  published INTEGER NOT NULL DEFAULT 1, fields TEXT NOT NULL DEFAULT '', callback TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS fb_person (
  id TEXT PRIMARY KEY, psid TEXT NOT NULL UNIQUE, name TEXT NOT NULL, home TEXT, mood TEXT NOT NULL DEFAULT '',
  anonymous INTEGER NOT NULL DEFAULT 0, no_profile INTEGER NOT NULL DEFAULT 0, unavailable INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS fb_post (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL UNIQUE, page_id TEXT NOT NULL, author_id TEXT NOT NULL,
  message TEXT NOT NULL DEFAULT '', photos TEXT NOT NULL DEFAULT '[]', created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL, hidden INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0,
  source TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS fb_post_page ON fb_post (page_id, seq);
CREATE TABLE IF NOT EXISTS fb_comment (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL UNIQUE, post_id TEXT NOT NULL, page_id TEXT NOT NULL, parent_id TEXT,
  author_id TEXT NOT NULL, message TEXT NOT NULL DEFAULT '', photo TEXT NOT NULL DEFAULT '',
  created_ms INTEGER NOT NULL, hidden INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0,
  edited_ms INTEGER, private_mid TEXT, likes INTEGER NOT NULL DEFAULT 0, liked INTEGER NOT NULL DEFAULT 0,
  source TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS fb_comment_post ON fb_comment (post_id, seq);
CREATE INDEX IF NOT EXISTS fb_comment_parent ON fb_comment (parent_id, seq) WHERE parent_id IS NOT NULL;
CREATE TABLE IF NOT EXISTS fb_thread (
  id TEXT PRIMARY KEY, page_id TEXT NOT NULL, psid TEXT NOT NULL, updated_ms INTEGER NOT NULL,
  customer_ms INTEGER, unread INTEGER NOT NULL DEFAULT 0, UNIQUE (page_id, psid));
CREATE INDEX IF NOT EXISTS fb_thread_updated ON fb_thread (page_id, updated_ms);
CREATE TABLE IF NOT EXISTS fb_message (
  mid TEXT PRIMARY KEY, seq INTEGER NOT NULL UNIQUE, thread_id TEXT NOT NULL, page_id TEXT NOT NULL,
  psid TEXT NOT NULL, from_page INTEGER NOT NULL, text TEXT NOT NULL DEFAULT '',
  attachments TEXT NOT NULL DEFAULT '[]', created_ms INTEGER NOT NULL, metadata TEXT, reply_to TEXT,
  app_id TEXT, kind TEXT NOT NULL DEFAULT '', edits INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0,
  read_ms INTEGER, source TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS fb_message_thread ON fb_message (thread_id, seq);

CREATE TABLE IF NOT EXISTS ledger (
  id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, kind TEXT NOT NULL, resource TEXT NOT NULL,
  day TEXT NOT NULL, at_ms INTEGER NOT NULL, microdollars INTEGER NOT NULL,
  UNIQUE (account, kind, resource, day));
CREATE TABLE IF NOT EXISTS delivery (
  id INTEGER PRIMARY KEY AUTOINCREMENT, network TEXT NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL,
  url TEXT NOT NULL, headers TEXT NOT NULL, body BLOB NOT NULL, created_ms INTEGER NOT NULL,
  due_ms INTEGER NOT NULL, attempt INTEGER NOT NULL DEFAULT 0);
