/** Pipelines for branches: a pipeline with `branches` becomes one for each branch, before the schema looks at any. */
import { basename } from 'node:path'
import { FleetError, type SourceLocation } from '../model/index.ts'
import { type Data, isMap, type Kinds, keyOf, merge } from './defaults.ts'
import type { DataPath, FleetDocument } from './document.ts'
import { type FleetLock, lockFile } from './lock.ts'
import { repositoryOf, type SourceRepository } from './sources/index.ts'
import { branchSlug } from './text.ts'

/** A glob whose branches the lock holds. */
export interface BranchPattern {
  readonly repository: SourceRepository
  readonly glob: string
  readonly location: SourceLocation
}

/** A pipeline that stands for a branch. */
export interface BranchPipeline {
  /** The key in the file. */
  readonly key: string
}

export interface BranchedDocument {
  readonly document: FleetDocument
  readonly errors: readonly FleetError[]
  readonly patterns: readonly BranchPattern[]
  /** Those that were made, by their ids. */
  readonly made: ReadonlyMap<string, BranchPipeline>
}

const LONGEST_ID = 60

/**
 * Gives the document with a pipeline for each branch in place of each that has `branches`: what stands at a pattern is put
 * over the rest, as a JSON merge patch. A branch belongs to the first pattern that it matches. What is no map or list of
 * branches stays as it is, for the schema to refuse.
 */
export function withBranches(document: FleetDocument, lock: FleetLock, kinds: Kinds): BranchedDocument {
  const { data } = document
  const pipelines = isMap(data) && isMap(data.pipelines) ? data.pipelines : {}
  if (!Object.values(pipelines).some((one) => isMap(one) && patternsIn(one.branches)))
    return { document, errors: [], patterns: [], made: new Map() }
  const maker = new BranchMaker(document, lock, kinds)
  for (const [key, pipeline] of Object.entries(pipelines)) maker.add(key, pipeline)
  return maker.result()
}

interface Made extends BranchPipeline {
  readonly pattern: string
  /** Paths whose value is the pipeline's own, whole. */
  readonly taken: ReadonlySet<string>
}

class BranchMaker {
  readonly #document: FleetDocument
  readonly #lock: FleetLock
  readonly #kinds: Kinds
  readonly #pipelines: Record<string, unknown> = {}
  readonly #made = new Map<string, Made>()
  readonly #patterns: BranchPattern[] = []
  readonly #errors: FleetError[] = []

  constructor(document: FleetDocument, lock: FleetLock, kinds: Kinds) {
    this.#document = document
    this.#lock = lock
    this.#kinds = kinds
  }

  result(): BranchedDocument {
    const { data } = this.#document
    const origin = (path: DataPath): DataPath => this.#document.origin(this.#originIn(path))
    return {
      document: {
        ...this.#document,
        data: { ...(data as Data), pipelines: this.#pipelines },
        origin,
        locate: (path) => this.#document.locate(this.#originIn(path)),
        locateKey: (path) => this.#document.locateKey(this.#originIn(path)),
      },
      errors: this.#errors,
      patterns: this.#patterns,
      made: this.#made,
    }
  }

  add(key: string, pipeline: unknown): void {
    const patterns = isMap(pipeline) ? patternsIn(pipeline.branches) : undefined
    if (!patterns || !isMap(pipeline)) {
      this.#put(key, pipeline, ['pipelines', key])
      return
    }
    const { branches: _, ...own } = pipeline
    const path = ['pipelines', key]
    const followed = followedSource(own)
    if (!followed) {
      this.#complain(
        [...path, 'branches'],
        `\`branches\` needs one source with branches to follow`,
        'name it in `start`, or take `branches` out',
      )
      return
    }
    if (followed.source.branch !== undefined)
      this.#complain(
        [...path, ...followed.path, 'branch'],
        'the branches stand in `branches`',
        'take `branch` out',
      )
    const seen = new Set<string>()
    for (const { pattern, patch, path: at } of patterns)
      for (const branch of this.#branches(followed.repository, pattern, [...path, 'branches', ...at])) {
        if (seen.has(branch)) continue
        seen.add(branch)
        const taken = new Set<string>()
        const merged = merge(own, patch, { kinds: this.#kinds, taken, path: [] })
        const id = shortId(key, branchSlug(branch))
        this.#put(id, followed.withBranch(merged as Data, branch), [...path, 'branches', ...at])
        this.#made.set(id, { key, pattern, taken })
      }
  }

  #put(id: string, pipeline: unknown, path: DataPath): void {
    if (Object.hasOwn(this.#pipelines, id))
      this.#complain(path, `two pipelines would be named \`${id}\``, 'rename a pipeline or a branch')
    this.#pipelines[id] = pipeline
  }

  /** Names of the branches of a pattern; a name without wildcards is itself one, whether it is there or not. */
  #branches(repository: SourceRepository, pattern: string, path: DataPath): readonly string[] {
    if (!/[*?[{]/.test(pattern)) return [pattern]
    this.#patterns.push({ repository, glob: pattern, location: this.#document.locateKey(path) })
    const found = this.#lock.branches[repository.id]?.[pattern]
    if (!found)
      this.#complain(
        path,
        `${basename(lockFile(this.#document.file))} does not hold the branches ${pattern} of ${repository.name}`,
        'run `crossdock sync`',
      )
    else if (!found.length)
      this.#complain(
        path,
        `no branch of ${repository.name} matches ${pattern}`,
        'remove it, or run `crossdock sync` after the push',
      )
    return found ?? []
  }

  #originIn(path: DataPath): DataPath {
    const [root, id, ...rest] = path
    const made = root === 'pipelines' ? this.#made.get(String(id)) : undefined
    if (!made) return path
    const isOfPattern = rest.every((_, index) => !made.taken.has(keyOf(rest.slice(0, index + 1))))
    return isOfPattern && rest.length
      ? ['pipelines', made.key, 'branches', made.pattern, ...rest]
      : ['pipelines', made.key, ...rest]
  }

  #complain(path: DataPath, what: string, fix: string): void {
    this.#errors.push(new FleetError(what, { location: this.#document.locateKey(path), fix }))
  }
}

interface Pattern {
  readonly pattern: string
  readonly patch: unknown
  readonly path: DataPath
}

/** Undefined where it is neither a list of texts nor a map of maps. */
function patternsIn(branches: unknown): Pattern[] | undefined {
  if (Array.isArray(branches))
    return branches.length && branches.every((one) => typeof one === 'string')
      ? branches.map((pattern, index) => ({ pattern, patch: {}, path: [index] }))
      : undefined
  if (!isMap(branches)) return undefined
  const entries = Object.entries(branches)
  return entries.length && entries.every(([, patch]) => patch === null || isMap(patch))
    ? entries.map(([pattern, patch]) => ({ pattern, patch: patch ?? {}, path: [pattern] }))
    : undefined
}

interface Followed {
  readonly source: Data
  readonly path: DataPath
  readonly repository: SourceRepository
  withBranch(pipeline: Data, branch: string): Data
}

/** The source whose branches are meant: the only one, or of several the one with branches that starts the pipeline. */
function followedSource(pipeline: Data): Followed | undefined {
  const { source, sources, start } = pipeline
  const repository = isMap(source) ? repositoryOf(source) : undefined
  if (isMap(source) && repository)
    return {
      source,
      path: ['source'],
      repository,
      withBranch: (one, branch) => ({ ...one, source: { ...(one.source as Data), branch } }),
    }
  if (!isMap(sources)) return undefined
  const named = isMap(start) ? start.sources : start
  const starting = [named].flat()
  const found = Object.entries(sources).flatMap(([name, one]) => {
    const of = isMap(one) ? repositoryOf(one) : undefined
    return of && (named === undefined || starting.includes(name)) ? [{ name, one: one as Data, of }] : []
  })
  const [first] = found
  if (!first || found.length > 1) return undefined
  return {
    source: first.one,
    path: ['sources', first.name],
    repository: first.of,
    withBranch: (one, branch) => {
      const all = one.sources as Data
      return { ...one, sources: { ...all, [first.name]: { ...(all[first.name] as Data), branch } } }
    },
  }
}

/** Keys of pipelines are part of the names of roles and buckets, so that of a branch is not longer than any. */
function shortId(key: string, slug: string): string {
  const id = `${key}-${slug}`
  if (id.length <= LONGEST_ID) return id
  const { createHash } = process.getBuiltinModule('node:crypto')
  return `${id.slice(0, LONGEST_ID - 9)}-${createHash('sha256').update(id).digest('hex').slice(0, 8)}`
}
