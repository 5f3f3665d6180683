/** The package's own folder and version. */
import { packageFolder, packageVersion } from '../model/index.ts'

export const PACKAGE_FOLDER = packageFolder()
export const VERSION = packageVersion()
