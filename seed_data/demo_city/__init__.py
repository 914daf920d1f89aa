"""The generator of the demonstration city: chance and places below, firms and risk points above, sheets on top."""
