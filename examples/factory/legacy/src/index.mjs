import { readFileSync } from 'node:fs'

/** What the build wrote down: the branch that it is of, and the level of its logs. */
const built = JSON.parse(readFileSync(new URL('built.json', import.meta.url), 'utf8'))

export const handler = async () => ({ service: 'legacy', ...built })
