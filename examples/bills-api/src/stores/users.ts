import type { Database } from '../database.ts';

/** A user as everyone may see them. */
export interface User {
  readonly id: number;
  readonly username: string;
  readonly displayName: string;
  /** Milliseconds since 1970. */
  readonly joinedAt: number;
  readonly billsAuthored: number;
  readonly votesCast: number;
}

/** A user and how often they voted lately. */
export interface ActiveUser {
  readonly id: number;
  readonly username: string;
  readonly displayName: string;
  readonly votes: number;
}

/** The users in the database. */
export interface UserStore {
  exists(id: number): boolean;
  getById(id: number): User | undefined;
  getByUsername(username: string): User | undefined;
  /** Those with the most votes since `day` (days since 1970), the most active first. */
  mostActiveSince(day: number, limit: number): readonly ActiveUser[];
}

/** Prepares the statements of the user store. */
export function createUserStore(database: Database): UserStore {
  const present = database.query<[number], { id: number }>(
    'users.exists',
    'SELECT id FROM users WHERE id = ?',
  );
  const byId = database.query<[number], User>('users.getById', userSql('id'));
  const byUsername = database.query<[string], User>('users.getByUsername', userSql('username'));
  // The plus sign keeps SQLite from walking all votes in the order of the users instead of the days' index.
  const mostActive = database.query<[number, number], ActiveUser>(
    'users.mostActiveSince',
    `SELECT u.id, u.username, u.display_name AS displayName, active.votes
     FROM (SELECT user_id, count(*) AS votes FROM votes WHERE cast_day >= ?
           GROUP BY +user_id ORDER BY votes DESC, user_id LIMIT ?) active
     JOIN users u ON u.id = active.user_id
     ORDER BY active.votes DESC, u.id`,
  );

  return {
    exists: id => present.get(id) !== undefined,
    getById: id => byId.get(id),
    getByUsername: username => byUsername.get(username),
    mostActiveSince: (day, limit) => mostActive.all(day, limit),
  };
}

function userSql(key: 'id' | 'username'): string {
  return `
    SELECT u.id, u.username, u.display_name AS displayName, u.joined_at AS joinedAt,
           (SELECT count(*) FROM bills WHERE author_id = u.id) AS billsAuthored,
           (SELECT count(*) FROM votes WHERE user_id = u.id) AS votesCast
    FROM users u WHERE u.${key} = ?`;
}
