/** The application's own template, read and made ready for what its permissions are told from. */
import { readFileSync } from 'node:fs'
import type { Template } from '../../model/index.ts'
import {
  type Place,
  type ProcessPlace,
  parseTemplate,
  placeOfFault,
  processTemplate,
  requiredCapabilities,
  type Section,
  TemplateFault,
} from '../../template/index.ts'

/** A template as its transforms leave it. */
export interface ProcessedTemplate {
  readonly template: Template
  /** Names of the transforms that were carried out. */
  readonly transforms: readonly string[]
}

/** A template in a file, as it is written and as stacks are made of it. */
export class ApplicationTemplate {
  readonly #text: string
  readonly #written: Section

  /** Throws: TemplateFault where the text is no template. */
  constructor(text: string) {
    this.#text = text
    this.#written = parseTemplate(text)
    if (typeof this.#written.Resources !== 'object' || this.#written.Resources === null)
      throw new TemplateFault('it has no Resources')
  }

  /** Gives where in its text a fault is. */
  placeOf(fault: TemplateFault): Place | undefined {
    return placeOfFault(this.#text, fault)
  }

  /**
   * Gives what its transforms make of it with these values; `*` is a value that nobody knows.
   * Throws: TemplateFault where that cannot be told.
   */
  processed(
    parameters: Readonly<Record<string, string | undefined>>,
    { region, account }: ProcessPlace,
  ): ProcessedTemplate {
    const given = Object.entries(parameters).filter(
      (one): one is [string, string] => one[1] !== undefined && one[1] !== '*',
    )
    const options = { parameters: new Map(given), region, account, artifacts: 'open' } as const
    const { template, transforms } = processTemplate(this.#written, options)
    return { template: template as unknown as Template, transforms }
  }
}

/** Gives the text of a template's file; undefined when there is no such file. */
export function templateText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** All that there are: named resources need the first, macros the second. */
export const ALL_CAPABILITIES: readonly string[] = ['CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND']

/**
 * Gives the capabilities that a processed template asks for. AWS: what a nested template asks for its
 * parent must be given.
 */
export function capabilitiesOf({ template, transforms }: ProcessedTemplate): readonly string[] {
  if (Object.values(template.Resources).some(({ Type }) => Type === 'AWS::CloudFormation::Stack'))
    return ALL_CAPABILITIES
  const identities = requiredCapabilities(template, transforms).capabilities.filter(
    (one) => one !== 'CAPABILITY_AUTO_EXPAND',
  )
  if (transforms.length === 0) return identities
  return [...(identities.length ? identities : ['CAPABILITY_IAM']), 'CAPABILITY_AUTO_EXPAND']
}
