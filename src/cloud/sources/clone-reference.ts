/** References to a commit, which builds clone: what a source action hands on as its artifact instead of files. */
import { readJson } from '../../model/index.ts'
import { repositoryAddress, type Use } from './connected-repository.ts'

/** A repository of CodeCommit. */
export interface CodeCommitPlace {
  readonly account: string
  readonly region: string
  readonly name: string
}

interface Commit {
  readonly branch: string
  readonly commit: string
}

/** A commit to be cloned by whoever reads it. */
export type CloneReference = Commit & (Use | { readonly codecommit: CodeCommitPlace })

const urlOf = (reference: CloneReference): string =>
  'codecommit' in reference
    ? `https://git-codecommit.${reference.codecommit.region}.amazonaws.com/v1/repos/${reference.codecommit.name}`
    : repositoryAddress(reference)

/** Writes a reference down. AWS: "a JSON file that contains a URL reference to the repository"; its keys are not documented. */
export const writeReference = (reference: CloneReference): Buffer =>
  Buffer.from(JSON.stringify({ ...reference, url: urlOf(reference) }))

const areTexts = (...values: readonly unknown[]): boolean => values.every((one) => typeof one === 'string')

/** Reads an artifact as a reference; undefined where it is something else, an archive for example. */
export function readReference(content: Buffer): CloneReference | undefined {
  if (content[0] !== 0x7b) return undefined
  try {
    const read = readJson(content.toString()) as Commit & Use & { readonly codecommit?: CodeCommitPlace }
    const { connection, repository, branch, commit, codecommit } = read
    if (!areTexts(branch, commit)) return undefined
    if (codecommit) {
      const { account, region, name } = codecommit
      return areTexts(account, region, name)
        ? { codecommit: { account, region, name }, branch, commit }
        : undefined
    }
    return areTexts(connection, repository) ? { connection, repository, branch, commit } : undefined
  } catch {
    return undefined
  }
}
