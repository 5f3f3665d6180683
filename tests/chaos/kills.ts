/** One round of kills: a system lives on a cloud that dies at random moments; then everything is looked at. */
import { changeSetsLife } from './change-sets-life.ts'
import { ChildCloud } from './child-cloud.ts'
import { hello } from './hello-life.ts'
import { checkInvariants } from './invariants.ts'
import { Killer, type Pace } from './killer.ts'
import { Ledger } from './ledger.ts'
import { PatientAccounts } from './patient-accounts.ts'
import { seededRandom } from './random.ts'
import { SmallWrites } from './small-writes.ts'
import type { Found, Tally } from './tally.ts'
import type { System } from './visit.ts'
import { web } from './web-life.ts'

export const SYSTEMS: readonly System[] = [hello, web, changeSetsLife]

/** Lives through one system's life; what is found goes into the tally. */
export async function killRound(name: string, seed: number, tally: Tally, pace: Pace): Promise<void> {
  const system = SYSTEMS.find((one) => one.name === name)!
  const random = seededRandom(seed, name)
  const replay = `npm run chaos -- --only kills --system ${name} --seed ${seed}`
  const find = (kind: Found, what: string) => tally.find(kind, what, replay)
  const cloud = await ChildCloud.start()
  const killer = new Killer(cloud, seededRandom(seed, 'kills'), pace)
  const accounts = new PatientAccounts(system.accounts, cloud.endpoint, { watcher: killer })
  const ledger = new Ledger()
  const deployed = (runs: number, failure?: string) => {
    tally.count('deploys')
    if (runs > 1) find('deploys that needed a second run', `${name}: ${runs} runs: ${failure}`)
  }
  const visit = { cloud, killer, accounts, ledger, random, find, deployed }
  const writes = new SmallWrites(visit)
  const tell = ({ name: kind, message, stack }: Error) =>
    find('ended otherwise', `${kind}: ${message}\n${stack?.split('\n').slice(1, 5).join('\n')}`)
  try {
    // What has gone wrong hides nothing of what else has.
    await Promise.all([
      system
        .live(visit)
        .catch(tell)
        .finally(() => writes.stop()),
      writes.go().catch(tell),
    ])
    await killer.rest()
    // Whatever was acknowledged last is looked up after a kill too.
    await cloud.killAndRestart()
    for (const what of await ledger.lost()) find('lost', what)
    tally.count('deliveries that came again', await writes.repeated())
    await checkInvariants(visit, system.accounts)
  } catch (error) {
    tell(error as Error)
  } finally {
    await killer.rest().catch((error: Error) => find('lost', error.message))
    accounts.close()
    await cloud.stop()
    tally.count('rounds')
    tally.count('kills', cloud.kills.length)
    tally.count('restarts', cloud.starts - 1)
    tally.count('acknowledged writes checked', ledger.size)
    for (const bug of cloud.bugs) find('crashes', bug)
    for (const process of cloud.leftBehind) find('processes left behind', process)
  }
}
