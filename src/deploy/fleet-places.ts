/** Where stacks of a fleet may stand: kept in the hub, so that accounts are found again that have left the fleet file. */
import {
  DeleteParametersCommand,
  GetParametersByPathCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm'
import type { OpenAccounts } from '../aws/index.ts'
import type { FleetHome, Target } from '../model/index.ts'

/** AWS: bytes of the value of a standard parameter. */
const LONGEST = 4096

/** Accounts in a line: a line fits into a parameter, whatever its regions are. */
const A_LINE = 150

/** The path of what a fleet keeps in Parameter Store of its hub. */
const fleetPath = ({ prefix }: FleetHome): string => `/crossdock/${prefix.replace(/-$/, '')}`

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

/** Gives what is kept of a fleet; nothing before its first deployment. */
export async function fleetRecord(
  accounts: Pick<OpenAccounts, 'client'>,
  home: FleetHome,
): Promise<FleetRecord> {
  const ssm = await accounts.client(SSMClient, home.hub)
  const found: { readonly name: string; readonly text: string; readonly version: number }[] = []
  let NextToken: string | undefined
  do {
    const page = await ssm.send(new GetParametersByPathCommand({ Path: fleetPath(home), NextToken }))
    for (const { Name: name = '', Value: text = '', Version: version = 0 } of page.Parameters ?? [])
      found.push({ name, text, version })
    NextToken = page.NextToken
  } while (NextToken)
  const own = found.filter(({ name }) => nameOf(home, numberOf(home, name)) === name)
  const lock = found.find(({ name }) => name === lockName(home))
  return {
    places: own.flatMap(({ text }) => placesIn(text)),
    names: own.map(({ name }) => name),
    ...(lock && { lock: { text: lock.text, version: lock.version } }),
  }
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
    await ssm.send(
      new PutParameterCommand({
        Name: names[index],
        Type: 'String',
        Value,
        Description: 'Where stacks of the fleet stand: Crossdock finds them here after they left its file',
        Overwrite: true,
      }),
    )
  const gone = kept.names.filter((name) => !names.includes(name))
  if (gone.length) await ssm.send(new DeleteParametersCommand({ Names: gone }))
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
