/** Keys and buckets of the hub that stand already: what their policies must allow, for whoever owns them to see to it. */
import type { ExistingThing, Fleet } from '../fleet/index.ts'
import { type ExistingUse, FleetError, type Need, type PolicyStatement } from '../model/index.ts'
import { artifactPrefix } from '../pipeline/index.ts'
import { useStatements } from './key.ts'
import type { Names } from './names.ts'
import type { NeedsIndex } from './needs-index.ts'
import { bucketGrants } from './store.ts'

/** What is told of the existing things of a fleet. */
export interface ExistingProblems {
  readonly errors: readonly FleetError[]
  readonly warnings: readonly FleetError[]
  readonly uses: readonly ExistingUse[]
}

/** A pipeline that keeps artifacts. */
export interface StoringPipeline {
  /** CodePipeline's. */
  readonly name: string
  readonly needs: NeedsIndex
}

/**
 * Gives an error for each that nothing uses, and for the others what their policies must have. `regions` are those with
 * artifacts.
 */
export function existingProblems(
  fleet: Fleet,
  names: Names,
  regions: readonly string[],
  pipelines: readonly StoringPipeline[],
): ExistingProblems {
  const onKeys = pipelines.flatMap(({ needs }) => needs.onKeys)
  const used = <T>(things: Readonly<Record<string, ExistingThing>>, tell: (of: string) => T | T[]) =>
    Object.keys(things).flatMap((of) => (regions.includes(of) ? tell(of) : []))
  return {
    errors: [...unused('keys', fleet.keys, regions), ...unused('buckets', fleet.buckets, regions)],
    warnings: used(fleet.buckets, (of) => bucketWarnings(fleet, of, pipelines)),
    uses: [
      ...used(fleet.keys, (of) => keyUse(fleet, names, of, onKeys)),
      ...used(fleet.buckets, (of) => bucketUse(fleet, of, pipelines)),
    ],
  }
}

const unused = (
  key: string,
  things: Readonly<Record<string, ExistingThing>>,
  regions: readonly string[],
): FleetError[] =>
  Object.entries(things).flatMap(([of, { location }]) =>
    regions.includes(of)
      ? []
      : new FleetError(`no pipeline has artifacts in ${of}`, {
          location,
          fix: `take it out of hub.${key}; there are artifacts in ${regions.join(', ')}`,
        }),
  )

function keyUse(fleet: Fleet, names: Names, region: string, needs: readonly Need[]): ExistingUse {
  const { name, location } = fleet.keys[region]!
  const statements = useStatements(fleet, names, region, needs)
  return { kind: 'key', name, region, told: mustHave(`the policy of the key ${name}`, statements, location) }
}

function bucketUse(fleet: Fleet, region: string, pipelines: readonly StoringPipeline[]): ExistingUse {
  const { name, location } = fleet.buckets[region]!
  const statements = pipelines
    .flatMap(({ needs }) => bucketGrants({ bucket: name, needs }))
    .map((statement, index, all) => ({
      ...statement,
      // Sids are given pipeline by pipeline.
      Sid:
        all.findIndex(({ Sid }) => Sid === statement.Sid) === index
          ? statement.Sid
          : `${statement.Sid}${index}`,
    }))
  const told = mustHave(`the policy of the bucket ${name}`, statements, location)
  return { kind: 'bucket', name, region, told }
}

function bucketWarnings(fleet: Fleet, region: string, pipelines: readonly StoringPipeline[]): FleetError[] {
  const { name: bucket, location } = fleet.buckets[region]!
  const told: FleetError[] = []
  if (fleet.keepArtifacts !== undefined)
    told.push(
      new FleetError(`keepArtifacts does not change the bucket ${bucket}`, {
        location,
        fix: 'give it a lifecycle rule where it is made',
      }),
    )
  for (const names of sharingNames(pipelines))
    told.push(
      new FleetError(
        `${names.join(' and ')} keep their artifacts under one beginning in the bucket ${bucket}, and can read each other’s`,
        { location, fix: 'give them a `name` each that differs in its first twenty characters' },
      ),
    )
  return told
}

/** Names of pipelines whose artifacts have keys that begin alike, together. */
function sharingNames(pipelines: readonly StoringPipeline[]): string[][] {
  const byPrefix = new Map<string, string[]>()
  for (const { name } of pipelines) {
    const prefix = artifactPrefix(name, '')
    byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), name])
  }
  return [...byPrefix.values()].filter((names) => names.length > 1)
}

const mustHave = (
  what: string,
  statements: readonly PolicyStatement[],
  location: ExistingThing['location'],
): FleetError[] =>
  statements.length
    ? [
        new FleetError(`${what} is used as it stands, and not proven here`, {
          location,
          fix: `see to it that it has ${statements.map((one) => JSON.stringify(one)).join(', ')}; \`check --live\` and \`deploy\` prove it`,
        }),
      ]
    : []
