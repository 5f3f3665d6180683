/** How CodeBuild says no. */
import { AwsError } from '../../../../model/index.ts'

export const invalid = (message: string) => new AwsError('InvalidInputException', message)
