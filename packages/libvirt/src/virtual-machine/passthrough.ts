/** `0000:65:00.0`: domain, bus, slot and function, in hexadecimal. */
export const PCI_ADDRESS: RegExp = /^([0-9a-f]{4}):([0-9a-f]{2}):([01][0-9a-f])\.([0-7])$/;

function hostDevice(address: string): string {
  const [, domain, bus, slot, fn] = PCI_ADDRESS.exec(address) ?? [];
  return `      <hostdev mode="subsystem" type="pci" managed="yes">
        <source><address domain="0x${domain}" bus="0x${bus}" slot="0x${slot}" function="0x${fn}"/></source>
      </hostdev>`;
}

/** A stylesheet that gives PCI devices of the host to a domain: the provider has no argument for it. */
export function passthroughStylesheet(addresses: readonly string[]): string {
  return `<?xml version="1.0"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output omit-xml-declaration="yes" indent="yes"/>
  <xsl:template match="node()|@*">
    <xsl:copy><xsl:apply-templates select="node()|@*"/></xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/devices">
    <xsl:copy>
      <xsl:apply-templates select="node()|@*"/>
${addresses.map(hostDevice).join("\n")}
    </xsl:copy>
  </xsl:template>
</xsl:stylesheet>
`;
}
