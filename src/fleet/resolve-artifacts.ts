/** The artifacts that the stages of a pipeline take from its sources and builds. */
import { FleetError } from '../model/index.ts'
import type { TestFile } from './build-schema.ts'
import {
  artifactReference,
  type DeployConfiguration,
  deployedArtifact,
  readArtifacts,
} from './deploys/index.ts'
import type { DataPath, FleetDocument } from './document.ts'
import type { FleetTest } from './fleet.ts'
import { resolveBuild } from './resolve-build.ts'
import { artifactProblem, type Supply } from './resolve-supply.ts'
import { givesImage } from './sources/index.ts'

export class ArtifactResolver {
  readonly #supply: Supply
  readonly #document: FleetDocument
  readonly #errors: FleetError[]

  constructor(supply: Supply, document: FleetDocument, errors: FleetError[]) {
    this.#supply = supply
    this.#document = document
    this.#errors = errors
  }

  /** Gives CodePipeline's name of the artifact that a deploy takes; empty for one that takes none. */
  deployed(deploy: DeployConfiguration, path: DataPath): string {
    this.#checkReferences(deploy, path)
    for (const one of readArtifacts(deploy)) this.#named(one.artifact, [...path, ...one.path])
    const named = deployedArtifact(deploy)
    if (named === null) return ''
    return named === undefined ? this.#deployedByDefault(path) : this.#named(named, [...path, 'from'])
  }

  /** Whether an artifact is of a source that tells of an image and brings nothing else. */
  isImage(artifact: string): boolean {
    return this.#supply.sources.some((one) => one.artifact === artifact && givesImage(one.configuration))
  }

  /** Gives a test with the artifacts that it reads: those that it names, else the first source's. */
  test({ from, runsIn, ...test }: TestFile, path: DataPath): Omit<FleetTest, 'name'> {
    const named = from === undefined ? [] : [from].flat()
    const inputs = named.map((name, index) =>
      this.#named(name, [...path, 'from', ...(Array.isArray(from) ? [index] : [])]),
    )
    const [first] = this.#supply.sources
    return { ...resolveBuild(test, inputs.length || !first ? inputs : [first.artifact]), runsIn }
  }

  /** Parameters may take what other artifacts have. */
  #checkReferences(part: unknown, path: DataPath): void {
    if (typeof part === 'object' && part !== null)
      for (const [key, inner] of Object.entries(part))
        this.#checkReferences(inner, [...path, Array.isArray(part) ? Number(key) : key])
    const named = typeof part === 'string' ? artifactReference(part)?.artifact : undefined
    if (named !== undefined) this.#named(named, path)
  }

  /** The artifact of the build, else of the source; of several, nothing guesses which. */
  #deployedByDefault(path: DataPath): string {
    const { sources, builds, artifacts } = this.#supply
    const made = builds.length
      ? builds.flatMap(({ outputs }) => outputs)
      : sources.map(({ artifact }) => artifact)
    if (made.length > 1) {
      const names = Object.keys(artifacts).filter((name) => made.includes(artifacts[name]!))
      this.#complain(
        path,
        `nothing says which artifact this deploys; there are ${names.join(', ')}`,
        `add \`from: ${names[0]}\``,
      )
    }
    return made[0] ?? ''
  }

  #named(name: string, path: DataPath): string {
    const { artifacts } = this.#supply
    const problem = artifactProblem(name, artifacts)
    if (problem) this.#complain(path, problem.message, problem.fix)
    return artifacts[name] ?? ''
  }

  #complain(path: DataPath, what: string, fix: string): void {
    this.#errors.push(new FleetError(what, { location: this.#document.locate(path), fix }))
  }
}
