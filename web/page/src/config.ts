// page.json, beside index.html: which creators this page shows, and where their nodes and servers are.

/** A creator on this page. */
export interface CreatorConfig {
  /** Name in the address of the page, such as `mira` in `#/mira`. */
  name: string;
  title: string;
  about?: string;
  links?: { text: string; url: string }[];
  /** ws:// or wss:// address of a node. */
  node: string;
  /** http(s) address of the gateway. */
  server?: string;
  /** Whether the server answers questions about history. */
  history?: boolean;
  /** How many contents are listed at first, the newest ones; 200 unless it is said. Older ones open by their links. */
  newest?: number;
  /** A deployment file, or three addresses. */
  deployment: unknown;
}

/** The whole file. */
export interface PageConfig {
  creators: CreatorConfig[];
  /** Offers a test wallet of play money. Only for a development chain. */
  development?: boolean;
}

/** Reads page.json. */
export async function readConfig(): Promise<PageConfig> {
  const response = await fetch('./page.json', { cache: 'no-cache' });
  if (!response.ok) throw new Error('page.json is missing: see docs/page.md');
  const config = (await response.json()) as PageConfig;
  if (!Array.isArray(config.creators) || config.creators.length === 0) throw new Error('page.json names no creator');
  return config;
}
