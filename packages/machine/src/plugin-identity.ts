/** Equal to the package's version. */
export const PLUGIN_VERSION = "0.1.0";

export const SETUP_TYPE = "groundplane-machine:index:Setup";
