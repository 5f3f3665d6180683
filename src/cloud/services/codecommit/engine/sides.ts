/** The two sides of a merge, and where they part. */
import { AwsError } from '../../../../model/index.ts'
import { askGit } from '../../../machine/run-git.ts'

export interface Sides {
  readonly source: string
  readonly destination: string
  /** The commit that both come from. */
  readonly base: string
}

/** Errors: TipsDivergenceExceededException where the two have nothing in common. */
export async function sidesOf(folder: string, source: string, destination: string): Promise<Sides> {
  const words = ['merge-base', source, destination]
  const { printed, status } = await askGit(folder, words, { answers: [1] })
  if (status === 0) return { source, destination, base: printed.toString().trim() }
  throw new AwsError(
    'TipsDivergenceExceededException',
    `${source} and ${destination} have no commit in common`,
  )
}
