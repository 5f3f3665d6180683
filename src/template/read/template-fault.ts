/** What is wrong with a template or with the values given to it. */
import { AwsError } from '../../model/index.ts'

/** Steps into a template: keys, and places in lists from 0. */
export type TemplatePath = readonly (string | number)[]

/** In the text, from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** The cloud answers its message; the CLI adds the place, and the fix where one is known. */
export class TemplateFault extends AwsError {
  readonly path?: TemplatePath
  /** Where the text itself is at fault, so that there is no path. */
  readonly place?: Place
  /** What is wrong in plainer words than AWS's, for whoever wrote the text. */
  readonly told?: string
  readonly fix?: string
  /** The name that a function refers to and the template does not have. */
  readonly unresolved?: string
  /** `crossdock`: AWS takes it, here it is not carried out. */
  readonly by: 'aws' | 'crossdock'

  /** `message` is AWS's whole sentence. */
  constructor(
    message: string,
    options: Partial<Pick<TemplateFault, 'path' | 'place' | 'told' | 'fix' | 'by' | 'unresolved'>> = {},
  ) {
    super('ValidationError', message, { status: 400 })
    this.path = options.path
    this.place = options.place
    this.told = options.told
    this.fix = options.fix
    this.unresolved = options.unresolved
    this.by = options.by ?? 'aws'
  }

  /** The same fault, at a path. */
  at(path: TemplatePath): TemplateFault {
    const { place, told, fix, by, unresolved } = this
    return new TemplateFault(this.message, { path, place, told, fix, by, unresolved })
  }
}

/** Gives a fault in AWS's words, with the place where it is known. */
export const templateFault = (message: string, path?: TemplatePath, fix?: string): TemplateFault =>
  new TemplateFault(message, { path, fix })

/** Refuses, by name, what a template asks for and Crossdock does not carry out. */
export const unsupportedInTemplate = (what: string, path?: TemplatePath): TemplateFault =>
  new TemplateFault(`The embedded cloud does not support ${what}.`, { path, by: 'crossdock' })
