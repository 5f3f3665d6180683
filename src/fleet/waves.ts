/** Waves: the places of a stage, some after others, each wave a stage of the pipeline. */
import { FleetError } from '../model/index.ts'
import type { DataPath, FleetDocument } from './document.ts'
import type { FleetPlace } from './fleet.ts'
import type { WaveFile } from './waves-schema.ts'

export interface Wave {
  readonly places: readonly FleetPlace[]
  readonly file: Exclude<WaveFile, 'rest'> | undefined
  /** Where it stands in the file. */
  readonly index: number
}

/**
 * Gives the waves that take a place, each place in the first that may take it. A wave that repeats comes as often as
 * there are places left for it; one that finds none any more is left out, since accounts come and go.
 */
export function wavesOf(files: readonly WaveFile[], places: readonly FleetPlace[]): Wave[] {
  const all = new Set(places.map(({ account }) => account)).size
  let left = places
  const waves: Wave[] = []
  for (const [index, entry] of files.entries()) {
    const file = entry === 'rest' ? undefined : entry
    do {
      const taken = file ? takenBy(file, left, all) : new Set(left)
      if (!taken.size) break
      waves.push({ places: [...taken], file, index })
      left = left.filter((place) => !taken.has(place))
    } while (file?.repeat)
  }
  return waves
}

function takenBy(
  { accounts, regions }: Exclude<WaveFile, 'rest'>,
  left: readonly FleetPlace[],
  all: number,
): ReadonlySet<FleetPlace> {
  const candidates = regions ? left.filter(({ region }) => regions.includes(region)) : left
  if (accounts === undefined) return new Set(candidates)
  if (Array.isArray(accounts))
    return new Set(
      candidates.filter((one) => accounts.includes(one.account) || accounts.includes(one.accountName)),
    )
  const count =
    typeof accounts === 'number' ? accounts : Math.ceil((all * Number.parseInt(accounts, 10)) / 100)
  const first = new Set([...new Set(candidates.map(({ account }) => account))].slice(0, count))
  return new Set(candidates.filter(({ account }) => first.has(account)))
}

/** Gives an error for each account and region that a wave names and the stage does not have, and for places that no wave takes. */
export function waveErrors(
  files: readonly WaveFile[],
  places: readonly FleetPlace[],
  {
    stage,
    path,
    document,
  }: { readonly stage: string; readonly path: DataPath; readonly document: FleetDocument },
): FleetError[] {
  const known = {
    accounts: new Set(places.flatMap(({ account, accountName }) => [account, accountName])),
    regions: new Set(places.map(({ region }) => region)),
  }
  const errors = files.flatMap((file, index) =>
    (['accounts', 'regions'] as const).flatMap((key) => {
      const named = file === 'rest' ? undefined : file[key]
      if (!Array.isArray(named)) return []
      return named.flatMap((name, at) =>
        known[key].has(name)
          ? []
          : new FleetError(`stage ${stage} has no ${key === 'accounts' ? 'account' : 'region'} ${name}`, {
              location: document.locate([...path, 'waves', index, key, at]),
              fix: `use one of ${[...known[key]].join(', ')}`,
            }),
      )
    }),
  )
  const taken = wavesOf(files, places).reduce((sum, wave) => sum + wave.places.length, 0)
  const left = places.length - taken
  if (left && !errors.length)
    errors.push(
      new FleetError(`the waves of ${stage} leave ${left} of ${places.length} places`, {
        location: document.locate([...path, 'waves']),
        fix: 'add `rest`',
      }),
    )
  return errors
}
