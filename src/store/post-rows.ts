/** Rows of posts as nouns. */
import { headFromData, type KnownPost, type PostHead } from '../domain/post.js';
import type { PostsTable } from './tables.js';

export function knownPostFrom(row: PostsTable): KnownPost {
  return {
    uid: row.uid,
    post: headFrom(row.head),
    ...(row.news_at !== null && { newsAt: new Date(row.news_at) }),
    ...(row.withdrawn_at !== null && { withdrawnAt: new Date(row.withdrawn_at) }),
    ...(row.broken_where !== null && { broken: { where: row.broken_where, message: row.broken_message ?? '' } }),
  };
}

export function headFrom(json: string): PostHead {
  return headFromData(JSON.parse(json));
}
