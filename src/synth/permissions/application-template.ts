/** The application's own template, read and made ready for what its permissions are told from. */
import { readFileSync } from 'node:fs'
import type { Template } from '../../model/index.ts'
import {
  declaredTransforms,
  expandLanguageExtensions,
  parseTemplate,
  requiredCapabilities,
  type Section,
} from '../../template/index.ts'
import { expandServerless } from './expand-serverless.ts'

const EXTENSIONS = 'AWS::LanguageExtensions'

/** A template in a file, as it is written and as stacks are made of it. */
export class ApplicationTemplate {
  readonly #written: Section
  /** The same with no transform but the extensions, where it declares them among others. */
  readonly #extended: Section | undefined
  readonly #processed = new WeakMap<Section, Template>()

  /** Throws: TemplateFault where the text is no template. */
  constructor(text: string) {
    this.#written = parseTemplate(text)
    if (typeof this.#written.Resources !== 'object' || this.#written.Resources === null)
      throw new Error('it has no Resources')
    this.#extended = declaredTransforms(this.#written).includes(EXTENSIONS)
      ? { ...this.#written, Transform: EXTENSIONS }
      : undefined
  }

  /** Gives what its transforms make of it with these values. Throws: TemplateFault where that cannot be told. */
  processed(parameters: Readonly<Record<string, string | undefined>>): Template {
    const section = this.#extended
      ? expandLanguageExtensions(this.#extended, this.#boundTo(parameters))
      : this.#written
    let template = this.#processed.get(section)
    if (!template) {
      const { Transform } = this.#written
      const whole = section === this.#written ? section : { ...section, Transform }
      template = expandServerless(whole as unknown as Template)
      this.#processed.set(section, template)
    }
    return template
  }

  #boundTo(parameters: Readonly<Record<string, string | undefined>>) {
    const { Parameters = {} } = this.#written as unknown as Template
    return Object.entries(Parameters).flatMap(([key, { Default }]) => {
      const value = Object.hasOwn(parameters, key) ? parameters[key] : Default
      return value === undefined || value === null ? [] : [{ key, value: String(value), noEcho: false }]
    })
  }
}

/** Gives the template in a file; undefined when there is no such file. Throws: TemplateFault where it is none. */
export function readTemplate(path: string): ApplicationTemplate | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
  return new ApplicationTemplate(text)
}

/** All that there are: named resources need the first, macros the second. */
export const ALL_CAPABILITIES: readonly string[] = ['CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND']

/**
 * Gives the capabilities that a processed template asks for. AWS: what a nested template asks for its
 * parent must be given; what a macro makes of a template nobody knows before.
 */
export function capabilitiesOf(template: Template): readonly string[] {
  const { capabilities } = requiredCapabilities(template)
  if (Object.values(template.Resources).some(({ Type }) => Type === 'AWS::CloudFormation::Stack'))
    return ALL_CAPABILITIES
  const transforms = declaredTransforms(template as unknown as Section)
  const isOpen = transforms.some((one) => one !== EXTENSIONS)
  const identities = capabilities.some((one) => one !== 'CAPABILITY_AUTO_EXPAND')
  return [...(isOpen && !identities ? ['CAPABILITY_IAM'] : []), ...capabilities]
}
