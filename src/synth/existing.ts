/** Keys and buckets of the hub that stand already: what their policies must allow, for whoever owns them to see to it. */
import type { ExistingThing, Fleet } from '../fleet/index.ts'
import { FleetError, type Need, type PolicyStatement } from '../model/index.ts'
import { artifactPrefix } from '../pipeline/index.ts'
import { useStatements } from './key.ts'
import type { Names } from './names.ts'
import type { NeedsIndex } from './needs-index.ts'
import { bucketGrants } from './store.ts'

/** What is told of the existing things of a fleet. */
export interface ExistingProblems {
  readonly errors: readonly FleetError[]
  readonly warnings: readonly FleetError[]
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
  const used = <T>(things: Readonly<Record<string, ExistingThing>>, tell: (of: string) => T[]) =>
    Object.keys(things).flatMap((of) => (regions.includes(of) ? tell(of) : []))
  return {
    errors: [...unused('keys', fleet.keys, regions), ...unused('buckets', fleet.buckets, regions)],
    warnings: [
      ...used(fleet.keys, (of) => keyWarning(fleet, names, of, onKeys)),
      ...used(fleet.buckets, (of) => bucketWarning(fleet, of, pipelines)),
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

function keyWarning(fleet: Fleet, names: Names, region: string, needs: readonly Need[]): FleetError[] {
  const { name, location } = fleet.keys[region]!
  const statements = useStatements(fleet, names, region, needs)
  return statements.length ? [mustHave(`the policy of the key ${name}`, statements, location)] : []
}

function bucketWarning(fleet: Fleet, region: string, pipelines: readonly StoringPipeline[]): FleetError[] {
  const { name: bucket, location } = fleet.buckets[region]!
  const told: FleetError[] = []
  const statements = pipelines
    .flatMap(({ needs }) => bucketGrants({ bucket, needs }))
    .map((statement, index, all) => ({
      ...statement,
      // Sids are given pipeline by pipeline.
      Sid:
        all.findIndex(({ Sid }) => Sid === statement.Sid) === index
          ? statement.Sid
          : `${statement.Sid}${index}`,
    }))
  if (statements.length) told.push(mustHave(`the policy of the bucket ${bucket}`, statements, location))
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
): FleetError =>
  new FleetError(`${what} is used as it stands, and not proven here`, {
    location,
    fix: `see to it that it has ${statements.map((one) => JSON.stringify(one)).join(', ')}; \`crossdock doctor\` proves it`,
  })
