/** What is done to one repository, one after the other. */
import { type Cloud, part } from '../../../kernel/cloud.ts'

/** The work under way or done last of each repository: the next one waits for it. */
const latest = part({
  name: 'work on connected repositories',
  make: () => new Map<string, Promise<unknown>>(),
})

/** Does something to a repository when what came before is done; what it changes is on disk when this resolves. */
export async function inTurn<T>(cloud: Cloud, repository: string, work: () => Promise<T>): Promise<T> {
  const chains = cloud.part(latest)
  const before = chains.get(repository) ?? Promise.resolve()
  const doing = before.catch(() => undefined).then(work)
  chains.set(repository, doing)
  const result = await doing
  await cloud.store.flush()
  return result
}
