/** Run by a build: pushes an image of a text to a repository with the build's own credentials, and prints its digest. */
import { ECRClient } from '@aws-sdk/client-ecr'
import { pushImage } from '../conformance/ecr/images.ts'

const [, , repositoryName, text, tag] = process.argv
console.log(`pushed ${await pushImage(new ECRClient({}), { repositoryName }, text, tag)}`)
