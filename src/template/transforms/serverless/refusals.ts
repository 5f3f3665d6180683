/** What SAM refuses in a template: every resource that is wrong is named at once. */
import { type TemplateFault, type TemplatePath, templateFault } from '../../read/template-fault.ts'

export const SERVERLESS = 'AWS::Serverless-2016-10-31'

/** Why a resource cannot be expanded; `expandServerless` adds which one. */
export class InvalidResource extends Error {
  readonly path: TemplatePath
  /** Which resource it is said of, where that is not the one being expanded. */
  readonly id?: string

  constructor(message: string, path: TemplatePath = [], id?: string) {
    super(message)
    this.path = path
    this.id = id
  }
}

/** Gives what is thrown for a resource; the path begins at the resource. */
export const invalid = (message: string, path: TemplatePath = [], id?: string): InvalidResource =>
  new InvalidResource(message, path, id)

export interface Refusal {
  readonly message: string
  readonly path: TemplatePath
}

/** Gives the refusals of resources and events as they are thrown, and keeps going. */
export class Refusals {
  readonly #all: Refusal[] = []

  /** Errors: whatever is no refusal of the resource. */
  collect(id: string, run: () => void): void {
    try {
      run()
    } catch (cause) {
      if (!(cause instanceof InvalidResource)) throw cause
      const { message, path, id: said = id } = cause
      this.#all.push({
        message: `Resource with id [${said}] is invalid. ${message}`,
        path: ['Resources', id, ...path],
      })
    }
  }

  /** Errors: TemplateFault in the service's words, at the first place. */
  throwAll(): void {
    if (this.#all.length > 0) throw refused(this.#all)
  }
}

export function refused(all: readonly Refusal[]): TemplateFault {
  const said = all.map(({ message }) => message).sort()
  return templateFault(
    `Transform ${SERVERLESS} failed with: Invalid Serverless Application Specification document. Number of errors found: ${said.length}. ${said.join(' ')}`,
    all[0]!.path,
  )
}
