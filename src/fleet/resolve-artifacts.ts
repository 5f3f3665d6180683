/** The artifacts that the stages of a pipeline take from its sources and builds. */
import { FleetError } from '../model/index.ts'
import type { TestFile } from './build-schema.ts'
import { type DeployConfiguration, deployedArtifact } from './deploys/index.ts'
import type { DataPath, FleetDocument } from './document.ts'
import type { FleetBuild } from './fleet.ts'
import { resolveBuild } from './resolve-build.ts'
import { artifactProblem, type Supply } from './resolve-supply.ts'

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
    const named = deployedArtifact(deploy)
    if (named === null) return ''
    return named === undefined ? this.#deployedByDefault(path) : this.#named(named, [...path, 'from'])
  }

  /** Gives a test with the artifacts that it reads: those that it names, else the first source's. */
  test({ from, ...test }: TestFile, path: DataPath): FleetBuild {
    const named = from === undefined ? [] : [from].flat()
    const inputs = named.map((name, index) =>
      this.#named(name, [...path, 'from', ...(Array.isArray(from) ? [index] : [])]),
    )
    const [first] = this.#supply.sources
    return resolveBuild(test, inputs.length || !first ? inputs : [first.artifact])
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
