/** Getting artifact buckets and input artifacts ready for an action, as the pipeline's role. */
import { entryOf } from '../../../../model/index.ts'
import { part } from '../../../kernel/cloud.ts'
import type { Context } from '../../../kernel/context.ts'
import type { ActionRun, Artifact, ArtifactAt, Execution } from '../state.ts'
import { inspectBucket, readObject, storeOf, writeObject } from './artifact-objects.ts'
import { executionOf } from './execution-record.ts'
import { changeExecution, changeRun } from './records.ts'
import type { RoleSessions } from './role-sessions.ts'

interface Place {
  readonly ctx: Context
  readonly pipeline: string
  readonly executionId: string
  readonly sessions: RoleSessions
}

/**
 * Looks at the buckets that an action uses and copies its inputs to its region.
 * AWS: only the inputs of a cross-region action are copied, when it is about to run.
 */
export async function prepareArtifacts(place: Place, run: ActionRun, region: string): Promise<void> {
  if (!run.inputs.length && !run.outputs.length) return
  await lookAt(place, region)
  const inputs = await Promise.all(run.inputs.map(({ name }) => inRegion(place, name, region)))
  changeRun(place.ctx, place.pipeline, run.id, { inputs })
}

const execution = ({ ctx, pipeline, executionId }: Place): Execution =>
  executionOf(ctx, pipeline, executionId)!

const once = part({ name: 'preparations of artifacts', make: () => new Map<string, Promise<unknown>>() })

/** Does something once for all actions that need it at the same time. */
function together<T>({ ctx, executionId }: Place, what: string, work: () => Promise<T>): Promise<T> {
  const running = ctx.cloud.part(once)
  const key = `${executionId}/${what}`
  const known = running.get(key) as Promise<T> | undefined
  if (known) return known
  const started = work().finally(() => running.delete(key))
  running.set(key, started)
  return started
}

async function lookAt(place: Place, region: string): Promise<void> {
  if (entryOf(execution(place).buckets, region)) return
  await together(place, `look/${region}`, async () => {
    const { ctx, sessions } = place
    const store = storeOf(execution(place).declaration, region, ctx.region)
    const reach = { ctx, identity: await sessions.pipeline(), region }
    const found = await inspectBucket(reach, store.location, ctx.account)
    changeExecution(ctx, place.pipeline, place.executionId, (now) => ({
      buckets: { ...now.buckets, [region]: found },
    }))
  })
}

async function inRegion(place: Place, name: string, region: string): Promise<ArtifactAt> {
  const artifact = entryOf(execution(place).artifacts, name)!
  const there = entryOf(artifact.places, region)
  if (there) return { name, ...there }
  return together(place, `copy/${name}/${region}`, () => copy(place, artifact, region))
}

async function copy(place: Place, artifact: Artifact, region: string): Promise<ArtifactAt> {
  const { ctx, pipeline, executionId, sessions } = place
  const { name, region: from } = artifact
  const known = entryOf(entryOf(execution(place).artifacts, name)?.places, region)
  if (known) return { name, ...known }
  await lookAt(place, from)
  const identity = await sessions.pipeline()
  const original = entryOf(artifact.places, from)!
  const content = await readObject({ ctx, identity, region: from }, original)
  const store = storeOf(execution(place).declaration, region, ctx.region)
  const copied = { bucket: store.location, key: original.key }
  await writeObject({ ctx, identity, region }, copied, content, store)
  changeExecution(ctx, pipeline, executionId, ({ artifacts }) => {
    const now = entryOf(artifacts, name)!
    return { artifacts: { ...artifacts, [name]: { ...now, places: { ...now.places, [region]: copied } } } }
  })
  return { name, ...copied }
}
