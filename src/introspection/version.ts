/** Who we are: the release we are compatible with, and our own. */

export const REFERENCE_VERSION = '7.2.4'
export const SPINEL_VERSION = '0.1.0'
