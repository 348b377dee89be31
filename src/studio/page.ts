/** What a page of the studio is: where it is found, what it shows and the template that prints it. */
import type { StudioParts } from './parts.js';

export type Tab = 'issue' | 'mail' | 'checks' | 'send' | 'history' | 'inbox';

/** What a browser asks for. */
export interface PageRequest {
  /** A parameter of the path; empty if the path has none of that name. */
  param(name: string): string;
  readonly query: URLSearchParams;
  /** When it was asked for. */
  readonly now: Date;
}

export interface StudioPage<View extends object = object> {
  readonly kind: 'page';
  /** As Hono writes paths. */
  readonly path: string;
  /** `templates/studio/<template>.html.hbs`; it gets the view together with the layout's. */
  readonly template: string;
  readonly tab: Tab;
  view(parts: StudioParts, request: PageRequest): Promise<View>;
}

/** A mail, for a frame of a page. */
export interface StudioFrame {
  readonly kind: 'frame';
  readonly path: string;
  /** The scripts beside the mail inspect it: `axe` looks for barriers. */
  readonly inspection?: 'axe';
  html(parts: StudioParts, request: PageRequest): Promise<string>;
}

/** A file to save. */
export interface StudioDownload {
  readonly kind: 'download';
  readonly path: string;
  file(parts: StudioParts, request: PageRequest): Promise<{ readonly name: string; readonly text: string }>;
}

export type StudioRoute = StudioPage | StudioFrame | StudioDownload;
