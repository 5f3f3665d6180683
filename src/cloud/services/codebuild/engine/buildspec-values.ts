/** The parts that a buildspec is made of: mappings, lists, texts and flags, read as CodeBuild reads them. */
import { entryOf, setEntry } from '../../../../model/index.ts'

/** A buildspec that CodeBuild would refuse, or that asks for what the embedded cloud does not do. */
export class BuildspecError extends Error {
  override readonly name = 'BuildspecError'
}

/** Scalars are texts as they are written, as CodeBuild takes them: `1.10` is no number. */
export type Mapping = Record<string, unknown>

/** Keys that no part of a buildspec has, by the section they stand in. */
export class UnknownKeys {
  private readonly sections = new Map<string, string[]>()

  /** Remembers the keys of a section that are not among the known ones. */
  note(section: Mapping, known: readonly string[], where: string): void {
    const others = Object.keys(section).filter((key) => !known.includes(key))
    if (others.length) this.sections.set(where, [...(this.sections.get(where) ?? []), ...others])
  }

  /**
   * Gives the lines that tell of them, none when there are none. AWS: builds go on, and their log has "Found possible
   * syntax errors in buildspec: In the section BUILD The following keys cannot be identified: env"
   * (aws/aws-toolkit-vscode#4008).
   */
  get warnings(): string[] {
    if (!this.sections.size) return []
    return [
      'Found possible syntax errors in buildspec: ',
      ...[...this.sections].flatMap(([where, keys]) => [
        `In the section ${where}`,
        '\tThe following keys cannot be identified:',
        ...keys.map((key) => `\t\t${key}`),
      ]),
    ]
  }
}

/** Whether there is nothing: the key is absent, or nothing stands behind it. */
export const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === ''

/** Gives a mapping; an empty one where there is nothing. Errors: BuildspecError. */
export function mapping(value: unknown, where: string): Mapping {
  if (isAbsent(value)) return {}
  if (typeof value === 'object' && !Array.isArray(value)) return value as Mapping
  throw new BuildspecError(`${where} must be a mapping`)
}

/** Gives a list of texts; a text alone is a list of one, as CodeBuild has it. Errors: BuildspecError. */
export function list(value: unknown, where: string): string[] {
  if (isAbsent(value)) return []
  return (Array.isArray(value) ? value : [value]).map((item) => {
    if (typeof item === 'object' && item !== null)
      throw new BuildspecError(`${where} holds something that is not text`)
    return String(item ?? '')
  })
}

/** Gives a list of mappings. Errors: BuildspecError. */
export function mappings(value: unknown, where: string): Mapping[] {
  if (isAbsent(value)) return []
  if (!Array.isArray(value)) throw new BuildspecError(`${where} must be a list`)
  return value.map((item, index) => mapping(item, `${where}[${index}]`))
}

/** Gives a text; undefined where there is nothing. Errors: BuildspecError. */
export function text(section: Mapping, key: string, where: string): string | undefined {
  const value = entryOf(section, key)
  if (isAbsent(value)) return undefined
  if (typeof value === 'object') throw new BuildspecError(`${where}${key} must be text`)
  return String(value)
}

/** Gives texts by name. Errors: BuildspecError. */
export function texts(value: unknown, where: string): Record<string, string> {
  const result: Record<string, string> = {}
  for (const key of Object.keys(mapping(value, where)))
    setEntry(result, key, text(value as Mapping, key, `${where}/`) ?? '')
  return result
}

/** AWS: `yes` and `no`, and what YAML 1.1 has for them. Errors: BuildspecError. */
export function flag(section: Mapping, key: string, where: string): boolean {
  const value = text(section, key, where)?.toLowerCase() ?? 'no'
  if (['yes', 'true', 'on', 'y'].includes(value)) return true
  if (['no', 'false', 'off', 'n'].includes(value)) return false
  throw new BuildspecError(`${where}${key} is "${value}"; it is yes or no`)
}

/** Gives a whole number. Errors: BuildspecError. */
export function count(section: Mapping, key: string, where: string): number | undefined {
  const value = text(section, key, where)
  if (value === undefined) return undefined
  if (/^\d{1,9}$/.test(value)) return Number(value)
  throw new BuildspecError(`${where}${key} is "${value}"; it is a whole number`)
}
