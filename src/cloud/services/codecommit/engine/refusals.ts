/** How CodeCommit says no: errors that several operations share. */
import { AwsError } from '../../../../model/index.ts'

const refusal = (code: string, message: string): AwsError => new AwsError(code, message)

export const noBranch = (name: string): AwsError =>
  refusal('BranchDoesNotExistException', `Branch ${name} does not exist`)

export const invalidBranch = (name: string): AwsError =>
  refusal('InvalidBranchNameException', `The branch name ${JSON.stringify(name)} is not valid`)

export const noCommit = (id: string): AwsError =>
  refusal('CommitDoesNotExistException', `The commit ${id} does not exist`)

export const noFile = (path: string): AwsError =>
  refusal('FileDoesNotExistException', `The file ${path} does not exist at the commit`)

export const invalidPath = (path: string): AwsError =>
  refusal(
    'InvalidPathException',
    `The path ${JSON.stringify(path)} is not valid: it is relative to the root, at most 20 directories deep, without empty, ".", ".." or ".git" parts`,
  )
