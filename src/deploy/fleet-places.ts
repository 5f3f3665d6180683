/** Where stacks of a fleet may stand: kept in the hub, so that accounts are found again that have left the fleet file. */
import {
  DeleteParametersCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm'
import type { OpenAccounts } from '../aws/index.ts'
import { FleetError, type FleetHome, fleetPath, type Target } from '../model/index.ts'

/** AWS: bytes of the value of a standard parameter. */
const LONGEST = 4096

/** Accounts in a line: a line fits into a parameter, whatever its regions are. */
const A_LINE = 150

/** What is kept of a fleet: the places, the names of the parameters that hold them, and its lock as it is written. */
export interface FleetRecord extends KeptPlaces {
  readonly lock?: LockText
}

export interface KeptPlaces {
  readonly places: readonly Target[]
  readonly names: readonly string[]
}

export interface LockText {
  readonly text: string
  /** AWS: each change of a parameter makes the next version of it. */
  readonly version: number
}

/** AWS: names that GetParameters and DeleteParameters take at once. */
const AT_ONCE = 10

/** Gives what is kept of a fleet; nothing before its first deployment. */
export async function fleetRecord(
  accounts: Pick<OpenAccounts, 'client'>,
  home: FleetHome,
): Promise<FleetRecord> {
  const ssm = await accounts.client(SSMClient, home.hub)
  const all = Array.from({ length: AT_ONCE - 1 }, (_, index) => nameOf(home, index + 1))
  const found = new Map<string, LockText>()
  for (let names = [lockName(home), ...all]; names.length; ) {
    const { Parameters = [] } = await ssm.send(new GetParametersCommand({ Names: names })).catch(refused)
    for (const { Name = '', Value: text = '', Version: version = 0 } of Parameters)
      found.set(Name, { text, version })
    // They are numbered without a gap, so that more may follow only where the last one is there.
    const last = names.at(-1)!
    const next = numberOf(home, last) + 1
    names = found.has(last) ? Array.from({ length: AT_ONCE }, (_, index) => nameOf(home, next + index)) : []
  }
  const lock = found.get(lockName(home))
  found.delete(lockName(home))
  return {
    places: [...found.values()].flatMap(({ text }) => placesIn(text)),
    names: [...found.keys()],
    ...(lock && { lock }),
  }
}

/** Errors: FleetError where the hub does not let whoever deploys do that; every other as it is. */
export function refused(error: Error): never {
  if (!/^AccessDenied/.test(error.name)) throw error
  throw new FleetError(`what the hub keeps of the fleet cannot be read or written: ${error.message}`, {
    fix: 'allow what "crossdock policy --operator" prints for the hub',
  })
}

export const lockName = (home: FleetHome): string => `${fleetPath(home)}/lock`

/** Keeps these places and no others; asks for nothing where they are kept already. */
export async function keepPlaces(
  accounts: Pick<OpenAccounts, 'client'>,
  home: FleetHome,
  kept: KeptPlaces,
  places: readonly Target[],
): Promise<KeptPlaces> {
  const texts = textsOf(places)
  const known = textsOf(kept.places)
  if (texts.join() === known.join()) return kept
  const ssm = await accounts.client(SSMClient, home.hub)
  const names = texts.map((_, index) => nameOf(home, index + 1))
  for (const [index, Value] of texts.entries())
    await ssm
      .send(
        new PutParameterCommand({
          Name: names[index],
          Type: 'String',
          Value,
          Description: 'Where stacks of the fleet stand: Crossdock finds them here after they left its file',
          Overwrite: true,
        }),
      )
      .catch(refused)
  const gone = kept.names.filter((name) => !names.includes(name))
  for (let at = 0; at < gone.length; at += AT_ONCE)
    await ssm.send(new DeleteParametersCommand({ Names: gone.slice(at, at + AT_ONCE) }))
  return { places, names }
}

/** Each account and region once. */
export function distinctPlaces(places: readonly Target[]): Target[] {
  const seen = new Map<string, Target>()
  for (const { account, region } of places) seen.set(`${account} ${region}`, { account, region })
  return [...seen.values()]
}

const nameOf = (home: FleetHome, number: number): string =>
  `${fleetPath(home)}/places${number > 1 ? `-${number}` : ''}`

const numberOf = (home: FleetHome, name: string): number =>
  Number(name.slice(nameOf(home, 1).length).replace('-', '') || 1)

/** `us-east-1 eu-west-1: 222222222222 333333333333`, a line for each set of regions, in as many texts as they need. */
function textsOf(places: readonly Target[]): string[] {
  const regionsOf = new Map<string, Set<string>>()
  for (const { account, region } of places)
    regionsOf.set(account, (regionsOf.get(account) ?? new Set()).add(region))
  const accountsOf = new Map<string, string[]>()
  for (const [account, regions] of [...regionsOf].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const key = [...regions].sort().join(' ')
    accountsOf.set(key, [...(accountsOf.get(key) ?? []), account])
  }
  const texts: string[] = []
  for (const [regions, accounts] of [...accountsOf].sort())
    for (let at = 0; at < accounts.length; at += A_LINE) {
      const line = `${regions}: ${accounts.slice(at, at + A_LINE).join(' ')}`
      const last = texts.at(-1)
      if (last !== undefined && last.length + 1 + line.length <= LONGEST)
        texts[texts.length - 1] = `${last}\n${line}`
      else texts.push(line)
    }
  return texts
}

const placesIn = (text: string): Target[] =>
  text.split('\n').flatMap((line) => {
    const [regions = '', accounts = ''] = line.split(': ')
    return accounts
      .split(' ')
      .flatMap((account) => regions.split(' ').map((region) => ({ account, region })))
      .filter(({ account, region }) => account && region)
  })
