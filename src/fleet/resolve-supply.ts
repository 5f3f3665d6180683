/** Makes the sources and builds of a pipeline of what the file says, and tells which artifacts they hand on. */
import { FleetError, nearest } from '../model/index.ts'
import type { BuildFile } from './build-schema.ts'
import type { DataPath, FleetDocument } from './document.ts'
import type { FleetPipeline, FleetPipelineBuild, FleetPlace, FleetSource } from './fleet.ts'
import { strangeImages } from './image-schema.ts'
import type { Places } from './places.ts'
import { resolveBuild } from './resolve-build.ts'
import type { FleetFileOutput } from './schema.ts'
import { type SourceConfiguration, sourceEnvironment } from './sources/index.ts'
import { type FleetStart, ONLY_SOURCE, resolveStart } from './start-schema.ts'

type PipelineFile = FleetFileOutput['pipelines'][string]

/** What the only build of a pipeline with one build is called. */
const ONLY_BUILD = 'build'
/** Artifacts of what has no name of its own. CodePipeline's keys begin with the first ten characters. */
const SOURCE_ARTIFACT = 'SourceOutput'
const BUILD_ARTIFACT = 'BuildOutput'

export type Supply = Pick<FleetPipeline, 'sources' | 'builds' | 'artifacts' | 'start'>

interface Part<T> {
  readonly name: string
  readonly file: T
  readonly path: DataPath
  /** What it hands on: names in the file to CodePipeline's. */
  readonly artifacts: readonly (readonly [name: string, artifact: string])[]
}

interface Resolving {
  readonly places: Places
  /** Of the hub. */
  readonly region: string
  /** Names of the fleet's images. */
  readonly images: readonly string[]
  readonly document: FleetDocument
  readonly errors: FleetError[]
}

/** Gives them; what does not fit together is added to `errors`. */
export function resolveSupply(id: string, file: PipelineFile, resolving: Resolving): Supply {
  const { document, errors } = resolving
  const path: DataPath = ['pipelines', id]
  const complain = (at: DataPath, what: string, fix: string) =>
    errors.push(new FleetError(what, { location: document.locate(at), fix }))
  const sources = sourceParts(file.sources ? { sources: file.sources } : file, path)
  const builds = buildParts(file.builds ? { builds: file.builds } : file, path)
  for (const [one, several] of [
    ['source', 'sources'],
    ['build', 'builds'],
  ] as const)
    if (file[one] && file[several])
      complain(
        [...path, several],
        `pipelines.${id} names both \`${one}\` and \`${several}\``,
        'keep one of them',
      )
  if (!sources.length)
    complain(
      [...path, 'source'],
      `pipelines.${id}.source is missing`,
      'add `source`, or `sources` for several',
    )
  for (const { name, path: at, owner } of doubled([...sources, ...builds]))
    complain(at, `${owner} and ${at.join('.')} both hand on an artifact named \`${name}\``, 'rename one')
  const artifacts = Object.fromEntries([...sources, ...builds].flatMap((part) => part.artifacts))
  const start = resolveStart(file.start, { id, sources: sources.map(({ name }) => name), document, errors })
  const built = builds.map((part) => inputsOf(part, { builds, sources, artifacts, complain }))
  return {
    sources: sources.map((part) => sourceOf(part, start, resolving)),
    builds: builds.map(({ name, file: build, path: at, artifacts: outputs }, index): FleetPipelineBuild => {
      const { outputs: _outputs, from: _from, after: _after, batch = false, images = [], ...rest } = build
      errors.push(...strangeImages(images, resolving.images, [...at, 'images'], document))
      // AWS: only a privileged build can run Docker.
      const privileged = rest.privileged || images.length > 0
      return {
        ...resolveBuild({ ...rest, privileged }, built[index]!.inputs),
        name,
        ...(file.builds && name in file.builds && { key: name }),
        outputs: outputs.map(([, artifact]) => artifact),
        images,
        batch,
        step: stepOf(name, new Map(builds.map((one, at) => [one.name, built[at]!.after]))),
        location: document.locateKey(at),
      }
    }),
    artifacts,
    start,
  }
}

function sourceParts(
  { source, sources = {} }: Pick<PipelineFile, 'source' | 'sources'>,
  path: DataPath,
): Part<SourceConfiguration>[] {
  return [
    ...(source
      ? [
          {
            name: ONLY_SOURCE,
            file: source,
            path: [...path, 'source'],
            artifacts: [[ONLY_SOURCE, SOURCE_ARTIFACT] as const],
          },
        ]
      : []),
    ...Object.entries(sources).map(([name, file]) => ({
      name,
      file,
      path: [...path, 'sources', name],
      artifacts: [[name, name] as const],
    })),
  ]
}

function buildParts(
  { build, builds = {} }: Pick<PipelineFile, 'build' | 'builds'>,
  path: DataPath,
): Part<BuildFile>[] {
  const handedOn = ({ outputs }: BuildFile, name: string, artifact: string) =>
    outputs ? outputs.map((one) => [one, one] as const) : [[name, artifact] as const]
  return [
    ...(build
      ? [
          {
            name: ONLY_BUILD,
            file: build,
            path: [...path, 'build'],
            artifacts: handedOn(build, ONLY_BUILD, BUILD_ARTIFACT),
          },
        ]
      : []),
    ...Object.entries(builds).map(([name, file]) => ({
      name,
      file,
      path: [...path, 'builds', name],
      artifacts: handedOn(file, name, name),
    })),
  ]
}

/** Artifacts that a second part hands on under the same name. */
function doubled(parts: readonly Part<unknown>[]) {
  const owners = new Map<string, string>()
  return parts.flatMap(({ path, artifacts }) =>
    artifacts.flatMap(([name, artifact]) => {
      const owner = owners.get(artifact)
      owners.set(artifact, path.join('.'))
      return owner === undefined ? [] : [{ name, path, owner }]
    }),
  )
}

function sourceOf(
  { name, file, path, artifacts }: Part<SourceConfiguration>,
  start: FleetStart,
  resolving: Resolving,
): FleetSource {
  const owner = ownerOf(file, path, resolving)
  return {
    name,
    ...(path.at(-1) === name && path.at(-2) === 'sources' && { key: name }),
    artifact: artifacts[0]![1],
    configuration: file,
    starts: start.sources.includes(name),
    ...(owner && { owner }),
    location: resolving.document.locateKey(path),
  }
}

/** The account that a source names by its environment. */
function ownerOf(
  source: SourceConfiguration,
  path: DataPath,
  { places, region, document, errors }: Resolving,
): FleetPlace | undefined {
  const named = sourceEnvironment(source)
  if (named === undefined) return undefined
  const [environment] = places.environments({ environments: [named] }, path)
  const [owner, ...others] = environment?.accounts ?? []
  if (others.length)
    errors.push(
      new FleetError(
        `a source is fetched from one account, and environment \`${named}\` has ${others.length + 1}`,
        {
          location: document.locate([...path, 'environment']),
          fix: 'name an environment of one account',
        },
      ),
    )
  return (
    owner && {
      ...{ environment: named, account: owner.account, accountName: owner.name },
      ...{ home: owner.home, region, values: {} },
    }
  )
}

interface Around {
  readonly builds: readonly Part<BuildFile>[]
  readonly sources: readonly Part<SourceConfiguration>[]
  readonly artifacts: FleetPipeline['artifacts']
  complain(at: DataPath, what: string, fix: string): void
}

/** What a build reads, and which builds it comes after: those that it names and those that it reads from. */
function inputsOf({ name, file, path }: Part<BuildFile>, { builds, sources, artifacts, complain }: Around) {
  const wanted =
    file.from === undefined ? (sources[0]?.artifacts.map(([one]) => one) ?? []) : [file.from].flat()
  const inputs: string[] = []
  const after = new Set<string>()
  for (const [index, one] of wanted.entries()) {
    const at = [...path, 'from', ...(Array.isArray(file.from) ? [index] : [])]
    const problem = artifactProblem(one, artifacts)
    if (problem) complain(at, problem.message, problem.fix)
    else inputs.push(artifacts[one]!)
    const maker = builds.find((build) => build.artifacts.some(([made]) => made === one))
    if (maker?.name === name)
      complain(at, `the build ${name} reads \`${one}\`, which it makes itself`, 'take it out')
    else if (maker) after.add(maker.name)
  }
  const others = builds.map((build) => build.name).filter((other) => other !== name)
  for (const [index, one] of [file.after ?? []].flat().entries()) {
    const at = [...path, 'after', ...(Array.isArray(file.after) ? [index] : [])]
    if (others.includes(one)) after.add(one)
    else complain(at, `there is no other build \`${one}\``, wordFor(one, others, 'take `after` out'))
  }
  const round = [...after].find((one) => leadsTo(one, name, builds))
  // The first of a round is told, and no other.
  const earlier = builds.slice(
    0,
    builds.findIndex((build) => build.name === name),
  )
  if (round && !earlier.some((one) => leadsTo(one.name, name, builds) && leadsTo(name, one.name, builds)))
    complain(path, `the builds ${name} and ${round} come after each other`, 'take one `after` or `from` out')
  return { inputs, after: round ? [] : [...after] }
}

/** Whether a build comes, by whatever way, after another. */
function leadsTo(from: string, to: string, builds: readonly Part<BuildFile>[]): boolean {
  const open = [from]
  const seen = new Set<string>()
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === to) return true
    const part = builds.find(({ name }) => name === next)
    if (!part || seen.has(next)) continue
    seen.add(next)
    const makers = [part.file.from ?? []]
      .flat()
      .flatMap((one) => builds.find(({ artifacts }) => artifacts.some(([made]) => made === one))?.name ?? [])
    open.push(...makers, ...[part.file.after ?? []].flat())
  }
  return false
}

const stepOf = (name: string, after: ReadonlyMap<string, readonly string[]>): number =>
  Math.max(0, ...(after.get(name) ?? []).map((one) => stepOf(one, after) + 1))

/** What is to be said of a name that is no artifact's; undefined for one that is. */
export function artifactProblem(
  name: string,
  artifacts: FleetPipeline['artifacts'],
): { readonly message: string; readonly fix: string } | undefined {
  if (Object.hasOwn(artifacts, name)) return undefined
  const known = Object.keys(artifacts)
  const what = known.length === 1 ? `there is ${known[0]}` : `there are ${known.join(', ')}`
  return {
    message: `there is no artifact \`${name}\`; ${what}`,
    fix: wordFor(name, known, 'name a source or a build'),
  }
}

/** A way out of a name that is none of those that are known. */
export function wordFor(name: string, known: readonly string[], otherwise: string): string {
  const meant = nearest(name, known)
  if (meant !== undefined) return `write \`${meant}\``
  return known.length ? `use one of ${known.join(', ')}` : otherwise
}
